import { defineCommand } from "../command.js";
import { outlookLines } from "../render/outlook.js";
import { planSteps, planSummary } from "../render/plan.js";
import { environmentOf } from "../subject.js";
import { detailFlags, environmentBrief, type DetailFlags } from "./shared-flags.js";

export const planCommand = defineCommand<DetailFlags>({
  name: "plan",
  brief: "Show what deploy would do; changes nothing",
  description:
    "Makes the plan of a deployment and shows every step of it, how it is taken back and how long it took before, who has to agree and what is frozen. Reads the providers, writes nothing anywhere.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["plan production", "plan production --detailed-exit-code --json"],
  flags: detailFlags,
  async run(session, { detailedExitCode }, subject) {
    const { deployer, output, clock } = session;
    const environment = environmentOf(session, subject);
    const plan = await deployer.plan({ environment });
    const unchanged = plan.groups.length === 0;
    const outlook = await deployer.outlook(plan);
    output.record("plan", { unchanged, plan, outlook });
    output.text([
      ...planSummary(plan, output),
      "",
      ...(unchanged
        ? [`Nothing to do: ${environment} serves this already.`]
        : [...planSteps(plan, output, outlook), ...outlookLines(outlook, clock.now(), output)]),
    ]);
    if (unchanged) return { exitCode: detailedExitCode === true ? 7 : 0, next: [`status ${environment}`] };
    const accept = plan.compatibility === "code-only" ? "" : ` --accept ${plan.compatibility}`;
    return { exitCode: 0, next: [`deploy ${environment}${accept}`] };
  },
});
