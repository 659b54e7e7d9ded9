import type { Duration } from "@fairlead/core";
import type { Fixture, Suite } from "../src/conformance/suite.js";

/** Names of the cases of a suite that a subject fails, sorted. */
export async function failuresOf<SuiteFixture extends Fixture, CaseName extends string>(
  suite: Suite<SuiteFixture, CaseName>,
  create: () => SuiteFixture,
  patience: Duration = "400ms",
): Promise<readonly CaseName[]> {
  const runs: (() => Promise<void>)[] = [];
  const { registered } = suite({ test: (_, run) => void runs.push(run) }, { create, patience });
  const results = await Promise.allSettled(runs.map((run) => run()));
  return registered.filter((_, index) => results[index]?.status === "rejected").sort();
}
