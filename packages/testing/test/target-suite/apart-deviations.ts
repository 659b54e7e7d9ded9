import type { ComponentReference } from "@fairlead/core";
import type { FakeTarget } from "../../src/fakes/fake-target.js";
import type { Deviating } from "./deviations.js";

type Blur = <Input extends ComponentReference>(input: Input) => Input;

/** Takes one place for another in all that it does. */
function blurred(good: FakeTarget, blur: Blur): Partial<FakeTarget> {
  return {
    prepare: (input, call) => good.prepare(blur(input), call),
    observe: (input, call) => good.observe(blur(input), call),
    promote: (input, call) => good.promote(blur(input), call),
    current: (input, call) => good.current(blur(input), call),
    retained: (input, call) => good.retained(blur(input), call),
    discard: (input, call) => good.discard(blur(input), call),
  };
}

const first = (name: string): string => name.replace(/-other$/, "");

export const apartDeviations: Readonly<Record<string, Deviating>> = {
  "takes all environments for one": {
    deviation: (good) => blurred(good, (input) => ({ ...input, environment: first(input.environment) })),
    fails: ["another environment is left alone"],
  },
  "takes all components for one": {
    deviation: (good) => blurred(good, (input) => ({ ...input, component: first(input.component) })),
    fails: ["another component is left alone"],
  },
  "retains what other components served": {
    deviation: (good) => ({
      retained: async (input, call) => [
        ...(await good.retained(input, call)),
        ...(await good.retained({ ...input, component: first(input.component) }, call)).filter(() => input.component.endsWith("-other")),
      ],
    }),
    fails: ["another component is left alone"],
  },
};
