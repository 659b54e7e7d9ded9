import type { JsonObject } from "@fairlead/core";
import type { Deviating } from "./deviations.js";
import { secret } from "./fake-subject.js";

let made = 0;

export const declarationDeviations: Readonly<Record<string, Deviating>> = {
  "has an id for people": {
    deviation: (good) => ({ ...good, id: `The ${good.id}` }),
    fails: ["every step has an id of its own, in kebab-case"],
  },
  "is never tried": {
    deviation: (good) => ({ ...good, attempts: 0 }),
    fails: ["a step says where it belongs, how often it is tried and how long it takes"],
  },
  "belongs nowhere": {
    deviation: (good) => ({ ...good, stage: JSON.parse('"later"') as typeof good.stage }),
    fails: ["a step says where it belongs, how often it is tried and how long it takes"],
  },
  "has another input in another process": {
    deviation: (good) => ({ ...good, input: { made: (made += 1) } }),
    fails: ["another process has the same steps"],
  },
  "puts a secret into its input": {
    deviation: (good) => ({ ...good, input: { header: `Bearer ${secret}` } }),
    fails: ["the input of a step is JSON without secrets"],
  },
  "puts more than JSON into its input": {
    deviation: (good) => ({ ...good, input: JSON.parse("{}", () => ({ at: new Date(0) })) as JsonObject }),
    fails: ["the input of a step is JSON without secrets"],
  },
  "cannot be observed although it must not be done twice": {
    deviation: (good) => {
      const { observe: _, ...step } = good;
      return good.idempotency === "none" ? (step as typeof good) : good;
    },
    fails: ["a step that must not be done twice can be observed"],
  },
};
