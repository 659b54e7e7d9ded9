import { toVerificationText } from "../scratch/render-verification.js";
import { asJson } from "./as-json.js";
import { defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

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
    const verification = await (await migrationsOf(call)).verify(signal);
    const { findings } = verification;
    reporter.answer("verification", asJson(verification));
    const refused = findings.some(({ severity }) => severity === "error");
    const [answer = "", ...rest] = toVerificationText(verification).split("\n");
    reporter.text([`${environment}: ${answer}`, ...rest]);
    return refused ? { end: "refused" } : { end: "success", next: [`migrations apply ${environment}`] };
  },
});
