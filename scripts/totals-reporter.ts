import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestCase, TestModule } from "vitest/node";

interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and why, to be said once more where a long output ends. */
  failures: string[];
}

const linesPerFailure = 12;
const filesNamed = 12;

/**
 * Closes a run with one line that people and machines can read, `N passed, N failed, N skipped`, and names every test that did not run
 * and why. Where `CI=true` a test that did not run is a failure. `FAIRLEAD_TOTALS` names a file that gets the same numbers, and what
 * failed, as JSON.
 */
export default class TotalsReporter implements Reporter {
  /** A matrix takes long: what failed is said when it has, not at the end of the run alone. */
  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === "failed") console.log(`\nFAILED  ${describe(nameOf(test), result.errors)}`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const failures = unhandledErrors.map((error) => describe("an error outside of any test", [error]));
    const totals: Totals = { passed: 0, failed: failures.length, skipped: 0, failures };
    const notRun: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) {
        totals.failed += 1;
        failures.push(describe(module.relativeModuleId, module.errors()));
      }
      for (const suite of module.children.allSuites()) {
        totals.failed += suite.errors().length;
        if (suite.errors().length > 0) failures.push(describe(`${module.relativeModuleId} > ${suite.fullName}`, suite.errors()));
      }
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed" || result.state === "failed") {
          totals[result.state] += 1;
          if (result.state === "failed") failures.push(describe(nameOf(test), result.errors));
          continue;
        }
        totals.skipped += 1;
        const reason = result.state === "skipped" ? result.note : undefined;
        notRun.push(`${nameOf(test)}${reason === undefined ? "" : ` (${reason})`}`);
      }
    }

    console.log(`\nThe longest files:\n${slowest(modules).join("\n")}`);
    if (notRun.length > 0) console.log(`\nNot run:\n${notRun.map((line) => `  ${line}`).join("\n")}`);
    console.log(`\n${String(totals.passed)} passed, ${String(totals.failed)} failed, ${String(totals.skipped)} skipped`);
    if (totals.failed > 0) process.exitCode = 1;
    if (totals.skipped > 0 && process.env["CI"] === "true") {
      console.log("CI=true: every test must run, so this run has failed.");
      process.exitCode = 1;
    }

    const file = process.env["FAIRLEAD_TOTALS"];
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(totals));
  }
}

/** The files that took longest, by the clock: what to look at when a run takes too long. */
function slowest(modules: readonly TestModule[]): readonly string[] {
  return modules
    .map((module) => ({ name: module.relativeModuleId, seconds: Math.round(module.diagnostic().duration / 1_000) }))
    .sort((one, other) => other.seconds - one.seconds)
    .slice(0, filesNamed)
    .map(({ name, seconds }) => `${String(seconds).padStart(5)} s  ${name}`);
}

function nameOf({ module, fullName }: TestCase): string {
  return `${module.relativeModuleId} > ${fullName}`;
}

/** A test and what it threw: the start of its text, without what the run has said in full before. */
function describe(test: string, errors: readonly SerializedError[]): string {
  const text = errors
    .flatMap(({ message, stack = "", diff = "" }) => [message, stack.split("\n").find((line) => line.includes("/")) ?? "", diff])
    .join("\n");
  const lines = stripVTControlCharacters(text)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, linesPerFailure);
  return [test, ...lines.map((line) => `    ${line}`)].join("\n");
}
