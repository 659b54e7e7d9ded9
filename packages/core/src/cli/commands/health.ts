import { defineCommand } from "../command.js";
import { checkLines } from "../render/checks.js";
import { environmentOf } from "../subject.js";
import { environmentBrief } from "./shared-flags.js";

export const healthCommand = defineCommand<object>({
  name: "health",
  brief: "Ask the application's checks once",
  description: "Ends with 1 where a critical check is down.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["health production"],
  flags: {},
  async run(session, _flags, subject) {
    const { deployer, output } = session;
    const environment = environmentOf(session, subject);
    const checks = await deployer.health(environment);
    for (const check of checks) output.record("check", { check });
    output.text([
      output.style.strong(`${deployer.application}: health of ${environment}`),
      ...(checks.length === 0 ? ["  no check is declared: nothing is known"] : checkLines(checks, output)),
    ]);
    return { exitCode: checks.some(({ status, critical }) => status === "down" && critical) ? 1 : 0 };
  },
});
