import { defineCommand } from "../command.js";
import { explanationLines } from "../render/explanation.js";
import { deploymentOf } from "../subject.js";
import { deploymentBrief } from "./shared-flags.js";

export const explainCommand = defineCommand<object>({
  name: "explain",
  brief: "Tell what happened in a deployment, and why",
  description: "Reads the journal only. Of an environment, that of its newest deployment.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "reads",
  examples: ["explain production", "explain dep_01k9x2m4v8q6t3w5y7z9a1b2c3 --json"],
  flags: {},
  async run(session, _flags, subject) {
    const { deployer, output } = session;
    const id = await deploymentOf(session, subject, "any");
    const explanation = await deployer.explain(id);
    output.record("explanation", { explanation });
    output.text(explanationLines(explanation, output, session.typed));
    return { exitCode: 0, deployments: [id] };
  },
});
