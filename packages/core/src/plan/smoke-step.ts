import type { PlanStep } from "../contract/plan.js";
import type { JsonObject } from "../json/json.js";
import { gateStep } from "./step.js";

/** What a smoke test does, as the plan pins it. Of a function its name: the configuration provides it. */
export type SmokeAction =
  | { readonly kind: "function" }
  | { readonly kind: "requests"; readonly requests: readonly SmokeRequest[] }
  | {
      readonly kind: "command";
      readonly argv: readonly string[];
      readonly folder: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly inherit: "all" | readonly string[];
    };

/** One request of a script. In its path, headers and body `$name` stands for what an earlier one has kept by that name. */
export interface SmokeRequest {
  /** Default `GET`. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** From the address that is tested, e.g. `/orders/$order`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: string | JsonObject | readonly JsonObject[];
  readonly expect?: SmokeExpectation;
  /** Of what is answered, for later requests by name: a JSON pointer such as `/id`, or a header. */
  readonly keep?: Readonly<Record<string, string | { readonly header: string }>>;
}

/** What an answer must be. */
export interface SmokeExpectation {
  /** Default 200 to 299. No redirect is followed. */
  readonly status?: number;
  /** What headers must hold, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the body must hold. */
  readonly text?: string;
  /** What the body must be as JSON; members that are not named may be anything. */
  readonly json?: JsonObject;
}

/** A smoke test with every default filled in. Data only. */
export interface SmokeSpec {
  readonly name: string;
  readonly component: string;
  readonly after: "verify" | "promote";
  /** Where it is tested, if not where the candidate alone answers. */
  readonly url: string | undefined;
  /** In milliseconds. */
  readonly within: number;
  readonly action: SmokeAction;
}

/** A step that tests a release from outside, before or while it serves. */
export function smokeStep({ name, component, after, url, within, action }: SmokeSpec): PlanStep {
  const step = gateStep({
    id: `smoke.${name}`,
    stage: after === "verify" ? "verify" : "bake",
    operation: "gate.smoke",
    description: `test ${component}${after === "verify" ? ", which does not serve yet" : " where it serves"}: ${name} (${describe(action)})`,
    timeout: within,
  });
  const where = { ...(url === undefined ? {} : { url }), live: after === "promote" };
  // JSON, though its types do not say so.
  const pinned = action as unknown as JsonObject;
  return { ...step, component, input: { name, action: pinned, ...where, within, candidate: { $output: `${component}.prepare` } } };
}

function describe(action: SmokeAction): string {
  switch (action.kind) {
    case "function":
      return "a function";
    case "command":
      return action.argv.join(" ");
    case "requests":
      return action.requests.map(({ method = "GET", path }) => `${method} ${path}`).join(", ");
  }
}
