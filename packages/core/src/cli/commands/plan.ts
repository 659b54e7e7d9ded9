import { defineCommand } from "../command.js";
import { planSteps, planSummary } from "../render/plan.js";
import { environmentOf } from "../subject.js";
import { detailFlags, environmentBrief, type DetailFlags } from "./shared-flags.js";

export const planCommand = defineCommand<DetailFlags>({
  name: "plan",
  brief: "Show what deploy would do; changes nothing",
  description: "Makes the plan of a deployment and shows every step of it. Reads the providers, writes nothing anywhere.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["plan production", "plan production --detailed-exit-code --json"],
  flags: detailFlags,
  async run(session, { detailedExitCode }, subject) {
    const { deployer, output } = session;
    const environment = environmentOf(session, subject);
    const plan = await deployer.plan({ environment });
    const unchanged = plan.groups.length === 0;
    output.record("plan", { unchanged, plan });
    output.text([
      ...planSummary(plan, output),
      "",
      ...(unchanged ? [`Nothing to do: ${environment} serves this already.`] : planSteps(plan, output)),
    ]);
    if (unchanged) return { exitCode: detailedExitCode === true ? 7 : 0, next: [`status ${environment}`] };
    const accept = plan.compatibility === "code-only" ? "" : ` --accept ${plan.compatibility}`;
    return { exitCode: 0, next: [`deploy ${environment}${accept}`] };
  },
});
