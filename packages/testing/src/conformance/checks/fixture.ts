import assert from "node:assert/strict";
import { toMilliseconds, type CallOptions, type CandidateSubject, type Check, type CheckResult } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** The checks of a plugin. All that they ask about is well. */
export interface ChecksFixture extends Fixture {
  readonly checks: readonly Check[];
  /** Those of another instance of the plugin, as another process would have them. */
  readonly again: () => Promise<readonly Check[]> | readonly Check[];
  /** What each check asks about, by the check's name. */
  readonly subjects: Readonly<Record<string, CheckSubject>>;
  /** A release that is well, for candidate checks. Left out where there are none. */
  readonly candidate?: CandidateSubject;
  /** A release in whose place another one answers, or nothing does, for candidate checks. */
  readonly impostor?: CandidateSubject;
  /** What nobody may see: passwords, tokens. */
  readonly secrets: readonly string[];
}

/** Something that is asked about. What its methods answer is awaited. */
export interface CheckSubject {
  /** Ways in which it can be down, by any name. There is at least one. */
  readonly troubles: Readonly<Record<string, () => unknown>>;
  /** From now on it takes questions and never answers. Left out where it cannot happen. */
  readonly silence?: () => unknown;
  /** Ends all of that. */
  readonly recover: () => unknown;
}

/** What is known of a check's subject. */
export function subjectOf({ subjects }: ChecksFixture, { name }: Check): CheckSubject {
  return subjects[name] ?? assert.fail(`the fixture says nothing about what ${name} asks`);
}

/** Runs a check, however it ends. */
export async function run(fixture: ChecksFixture, check: Check, call: CallOptions, subject = fixture.candidate): Promise<CheckResult> {
  if (check.scope !== "candidate") return check.run(call);
  return check.run(subject ?? assert.fail(`${check.name} asks about a release, and the fixture has none`), call);
}

/** The answer of a check, which must come within the time that it has. */
export async function ask(fixture: ChecksFixture, check: Check, subject = fixture.candidate): Promise<CheckResult> {
  const abort = new AbortController();
  const within = check.timeout ?? "2s";
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      abort.abort();
      reject(new assert.AssertionError({ message: `${check.name} has not answered within its ${within}` }));
    }, toMilliseconds(within));
  });
  try {
    return await Promise.race([run(fixture, check, recordedCall(abort.signal), subject), late]);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    throw new assert.AssertionError({ message: `${check.name} throws instead of answering: ${String(error)}` });
  } finally {
    clearTimeout(timer);
  }
}

/** What a check says in each of the troubles of its subject, which is well again afterwards. */
export async function askInTroubles(
  fixture: ChecksFixture,
  check: Check,
): Promise<readonly { readonly trouble: string; readonly result: CheckResult }[]> {
  const { troubles, recover } = subjectOf(fixture, check);
  const results: { readonly trouble: string; readonly result: CheckResult }[] = [];
  for (const [trouble, begin] of Object.entries(troubles)) {
    // Trouble comes to what is in use.
    await ask(fixture, check);
    await begin();
    results.push({ trouble: `${check.name}, ${trouble}`, result: await ask(fixture, check) });
    await recover();
  }
  assert.ok(results.length > 0, `the fixture knows no trouble for ${check.name}`);
  return results;
}
