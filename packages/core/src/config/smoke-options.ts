import type { CallOptions } from "../contract/call.js";
import type { CandidateSubject } from "../contract/check.js";
import type { SmokeAction, SmokeRequest, SmokeSpec } from "../plan/index.js";
import { toMilliseconds, type Duration } from "../time/duration.js";

/** What a smoke test is about. */
export interface SmokeSubject extends CandidateSubject {
  /** Where it answers: the `url` of the test, else where the candidate alone does. Absent where it has no address. */
  readonly url?: string;
}

interface SmokeBase {
  /** Unique in its environment; lower-case letters, digits and hyphens. */
  readonly name: string;
  /** Default: the only one. */
  readonly component?: string;
  /** Against the candidate before it gets traffic (default), or where users ask, once it serves. */
  readonly after?: "verify" | "promote";
  /** Where it is tested; default: where the candidate alone answers. Once it serves, say where users ask. No credentials. */
  readonly url?: string;
  /** Most it may take. Default `60s`. */
  readonly within?: Duration;
}

/** A test of a release from outside. One that does not pass keeps the release from its traffic, or takes it back. It may run again after a crash. */
export type SmokeTest =
  /** A function: it passes unless it throws. */
  | (SmokeBase & { readonly run: (subject: SmokeSubject, call: CallOptions) => Promise<void> | void })
  /** Requests over HTTP, one after the other. */
  | (SmokeBase & { readonly requests: readonly SmokeRequest[] })
  /** A program and its arguments, never seen by a shell: it passes with exit code 0. It is told `FAIRLEAD_URL`, and what else a deployment's commands are told. */
  | (SmokeBase & {
      readonly command: readonly string[];
      /** Default `.` */
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
      /** Variables of this process that it has besides the usual ones. Default none. */
      readonly inherit?: "all" | readonly string[];
    });

export type SmokeFunction = Extract<SmokeTest, { readonly run: unknown }>["run"];

/** The options as they come in; they have been checked. */
export function smokeSpec(test: SmokeTest, components: readonly string[]): SmokeSpec {
  const { name, component = components[0] ?? "", after = "verify", url, within = "60s" } = test;
  return { name, component, after, url, within: toMilliseconds(within), action: actionOf(test) };
}

/** The functions of smoke tests by name. */
export function smokeFunctions(tests: readonly SmokeTest[]): ReadonlyMap<string, SmokeFunction> {
  return new Map(tests.flatMap((test) => ("run" in test ? [[test.name, test.run] as const] : [])));
}

function actionOf(test: SmokeTest): SmokeAction {
  if ("requests" in test) return { kind: "requests", requests: test.requests };
  if ("run" in test) return { kind: "function" };
  const { command, cwd = ".", env = {}, inherit = [] } = test;
  return { kind: "command", argv: command, folder: cwd, variables: env, inherit };
}
