import type { ConfigurationProblem } from "./problem.js";
import type { SmokeTest } from "./smoke-options.js";

/** What keeps smoke tests from testing what they should. Their options have the right shape. */
export function smokeProblems(place: string, tests: readonly SmokeTest[], components: readonly string[]): readonly ConfigurationProblem[] {
  return tests.flatMap((test, index) => {
    const at = `${place}.${String(index)}`;
    return [
      ...(tests.findIndex(({ name }) => name === test.name) === index ? [] : [twice(at, test.name)]),
      ...componentProblems(at, test, components),
      ...(test.after === "promote" && test.url === undefined && !("run" in test) ? [nowhere(at)] : []),
    ];
  });
}

function twice(place: string, name: string): ConfigurationProblem {
  return { place: `${place}.name`, problem: `is "${name}" like that of another test.`, remedy: "Give it another name." };
}

function nowhere(place: string): ConfigurationProblem {
  const problem = "is missing, and where users ask is known to nobody else.";
  return { place: `${place}.url`, problem, remedy: 'Say where the release serves, e.g. `url: "https://shop.example"`.' };
}

function componentProblems(place: string, { component }: SmokeTest, components: readonly string[]): readonly ConfigurationProblem[] {
  if (component === undefined ? components.length <= 1 : components.includes(component)) return [];
  const problem = component === undefined ? "is missing, and there are several." : `names "${component}", which is no component.`;
  return [{ place: `${place}.component`, problem, remedy: `Name one of: ${components.join(", ")}.` }];
}
