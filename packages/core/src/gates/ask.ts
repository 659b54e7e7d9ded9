import type { CallOptions } from "../contract/call.js";
import type { CandidateCheck, CandidateSubject, Check } from "../contract/check.js";
import type { CapabilitySource } from "../engine/operation.js";
import { runCheck, type CheckRun } from "../health/run-check.js";
import type { Clock } from "../time/clock.js";

/** A question with its subject filled in. */
export interface Question {
  readonly name: string;
  /** Plugin, component or `application`. */
  readonly provider: string;
  readonly critical: boolean;
  ask(call: CallOptions): Promise<CheckRun>;
}

/** A check without a subject as a question. `patience`: how long it may take at least, in milliseconds, whatever it says itself. */
export function questionOf(check: Exclude<Check, CandidateCheck>, provider: string, clock: Clock, patience = 0): Question {
  return { name: check.name, provider, critical: check.critical ?? true, ask: (call) => runCheck(check, call, clock, patience) };
}

/** A check about one release of one component as a question. */
export function questionAbout(check: CandidateCheck, subject: CandidateSubject, clock: Clock): Question {
  const { name, timeout } = check;
  const run = (call: CallOptions) => check.run(subject, call);
  return {
    name: `${subject.component}: ${name}`,
    provider: subject.component,
    critical: check.critical ?? true,
    ask: (call) => runCheck({ name, run, ...(timeout === undefined ? {} : { timeout }) }, call, clock),
  };
}

/** The checks of an environment's plugins that have this scope. */
export async function checksOf<Scope extends Check["scope"]>(
  capabilities: CapabilitySource,
  scope: Scope,
): Promise<readonly { readonly plugin: string; readonly check: Extract<Check, { scope: Scope }> }[]> {
  const isOfScope = (check: Check): check is Extract<Check, { scope: Scope }> => check.scope === scope;
  const provided = await capabilities.all("checks");
  return provided.flatMap(({ plugin, capability }) => capability.filter(isOfScope).map((check) => ({ plugin, check })));
}
