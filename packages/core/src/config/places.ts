import type { AnyPlugin } from "../contract/plugin.js";
import type { EnvironmentOptions } from "./environment-options.js";
import { componentsOf } from "./environment-spec.js";
import type { ConfigurationProblem } from "./problem.js";

/** Components of an environment that would be put where another one is already. The rest of the configuration must be well. */
export function sharedPlaceProblems(
  plugins: readonly AnyPlugin[],
  environment: string,
  options: EnvironmentOptions,
): readonly ConfigurationProblem[] {
  const taken = new Map<string, string>();
  return componentsOf(options).flatMap(([component, { target }]): ConfigurationProblem[] => {
    const plugin = plugins.find(({ name }) => name === target);
    const place = plugin?.place?.();
    if (plugin === undefined || place === undefined) return [];
    const key = JSON.stringify([plugin.id, place]);
    const other = taken.get(key);
    if (other === undefined) {
      taken.set(key, component);
      return [];
    }
    return [
      {
        place: `environments.${environment}.components.${component}.target`,
        problem: `names "${target}", which puts ${component} where it puts ${other}: into ${place}. Each would replace the other.`,
        remedy: `Give ${component} a place of its own: add ${plugin.id}({ name: "${plugin.id}-${component}", … }) with another place, and name it here.`,
      },
    ];
  });
}
