import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";
import { findingLines } from "./plan.js";

export const verifyCommand = defineMigrationCommand({
  name: "verify",
  brief: "Try what is pending on a scratch database beside the real one",
  description:
    "Runs what was applied and what is pending on a scratch database of the same server, compares what that makes with the real database, and drops it again. Ends with 5 where a deployment would be refused. Changes nothing in the database itself.",
  subject: { kind: "environment" },
  effect: "reads",
  flags: {},
  examples: ["migrations verify production"],
  async run(call) {
    const { reporter, signal } = call;
    const environment = environmentName(call);
    const findings = await (await migrationsOf(call)).verify(signal);
    reporter.answer("verification", { findings: findings.map((finding) => ({ ...finding })) });
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const answer =
      errors > 0
        ? `${count(errors, "problem")} to mend`
        : findings.length > 0
          ? `it works, with ${count(findings.length, "warning")}`
          : "it works";
    reporter.text([`${environment}: ${answer}.`, ...findingLines(findings, reporter)]);
    return errors > 0 ? { end: "refused" } : { end: "success", next: [`migrations apply ${environment}`] };
  },
});
