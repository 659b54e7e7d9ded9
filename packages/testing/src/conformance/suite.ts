import assert from "node:assert/strict";
import { fail, toMilliseconds, type Duration } from "@fairlead/core";
import { conformanceErrors } from "./conformance-errors.js";

/**
 * The frame of all conformance suites. A suite is a set of named cases, each of which asks one thing of the contract of a capability. It brings no test runner: cases assert with
 * `node:assert`, and are registered with the `test` of whoever runs them. A suite is written so:
 *
 * 1. `type XFixture extends Fixture`: what a case works with; made anew for every case.
 * 2. Cases by name, in files of their own: `export const aCases = { "what must be true": async ({ x }, { soon }) => … } satisfies Cases<XFixture>`.
 * 3. `export const xSuite = defineSuite<XFixture, keyof typeof cases>("x", cases)` with `const cases = { ...aCases, ...bCases }`.
 * 4. Fakes that differ from a good one in one named behaviour each, and a test that every fake fails exactly the cases listed for it, and every case some fake.
 */
export type Cases<CaseFixture extends Fixture> = Readonly<Record<string, Case<CaseFixture>>>;

/** One thing that must be true. Throws if it is not. */
export type Case<CaseFixture extends Fixture> = (fixture: CaseFixture, tools: CaseTools) => Promise<void>;

/** What a case works with. */
export interface Fixture {
  /** Called when the case is over, however it ended. */
  dispose(): Promise<void> | void;
}

export interface CaseTools {
  /** Waits for what should come by itself. Fails, naming `what`, if it has not come within the subject's patience. */
  readonly soon: <Result>(what: string, work: Promise<Result>) => Promise<Result>;
}

/** The test runner: `{ test, describe }` of vitest, node:test or bun:test. */
export interface TestRunner {
  readonly test: (name: string, run: () => Promise<void>) => unknown;
  /** Groups the cases under the suite's name. Without it every name begins with the suite's. */
  readonly describe?: (name: string, define: () => void) => unknown;
}

/** What a suite is run against. */
export interface Subject<SubjectFixture extends Fixture, CaseName extends string> {
  /** Makes what one case works with. Nothing of an earlier case may be left in it. */
  create(): Promise<SubjectFixture> | SubjectFixture;
  /** Cases that do not apply, each with the reason. They are not registered at all. */
  readonly skip?: Readonly<Partial<Record<CaseName, string>>>;
  /** How long a case waits for what should come by itself. Default `"5s"`. */
  readonly patience?: Duration;
}

export interface SuiteReport<CaseName extends string> {
  readonly registered: readonly CaseName[];
  readonly skipped: readonly { readonly name: CaseName; readonly reason: string }[];
}

/** Registers the cases of a suite and says which. Throws `CONFORMANCE_SKIP_INVALID` for a skip that names no case or gives no reason. */
export type Suite<SuiteFixture extends Fixture, CaseName extends string> = (
  runner: TestRunner,
  subject: Subject<SuiteFixture, CaseName>,
) => SuiteReport<CaseName>;

/** Makes a suite of cases. */
export function defineSuite<SuiteFixture extends Fixture, CaseName extends string>(
  suite: string,
  cases: Readonly<Record<CaseName, Case<SuiteFixture>>>,
): Suite<SuiteFixture, CaseName> {
  return ({ test, describe }, subject) => {
    const skip: Readonly<Record<string, string | undefined>> = subject.skip ?? {};
    for (const [name, reason] of Object.entries(skip)) refuseEmptySkip(suite, cases, { name, reason });

    // The keys of `cases` are its names and nothing else.
    const names = Object.keys(cases) as CaseName[];
    const registered = names.filter((name) => skip[name] === undefined);
    const skipped = names.flatMap((name) => (skip[name] === undefined ? [] : [{ name, reason: skip[name] }]));
    const tools = toTools(toMilliseconds(subject.patience ?? "5s"));
    const register = (prefix: string): void => {
      for (const name of registered) test(`${prefix}${name}`, () => runCase(cases[name], subject, tools));
    };
    if (describe === undefined) register(`${suite}: `);
    else
      describe(suite, () => {
        register("");
      });
    return { registered, skipped };
  };
}

async function runCase<CaseFixture extends Fixture>(
  run: Case<CaseFixture>,
  subject: { create(): Promise<CaseFixture> | CaseFixture },
  tools: CaseTools,
): Promise<void> {
  const fixture = await subject.create();
  try {
    await run(fixture, tools);
  } catch (error) {
    // What the case found says more than what its failure did to the cleaning up.
    await Promise.resolve(fixture.dispose()).catch(() => undefined);
    throw error;
  }
  await fixture.dispose();
}

function toTools(patience: number): CaseTools {
  return {
    async soon(what, work) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new assert.AssertionError({ message: `has not come within ${String(patience)} ms: ${what}` }));
        }, patience);
      });
      try {
        return await Promise.race([work, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function refuseEmptySkip(
  suite: string,
  cases: Readonly<Record<string, unknown>>,
  { name, reason }: { readonly name: string; readonly reason: string | undefined },
): void {
  if (!Object.hasOwn(cases, name))
    throw fail(conformanceErrors, "CONFORMANCE_SKIP_INVALID", { suite, name, problem: "it has no such case." });
  if (reason !== undefined && reason.trim() === "") {
    throw fail(conformanceErrors, "CONFORMANCE_SKIP_INVALID", { suite, name, problem: "no reason is given." });
  }
}
