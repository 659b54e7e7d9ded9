import type { Plan } from "../../contract/plan.js";
import type { EnvironmentStatus } from "../../deployer/types.js";
import { stepsOf } from "../../machine/index.js";
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
    const unchanged = isUnchanged(plan, await deployer.status(environment));
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

/** Whether `deploy` would find that what it is to deploy serves already. */
function isUnchanged(plan: Plan, { release, running }: EnvironmentStatus): boolean {
  if (release?.release.contentDigest !== plan.release.contentDigest || running !== null) return false;
  if (stepsOf(plan).some(({ operation, stage }) => operation === "migrator.apply" && stage !== "contract")) return false;
  return plan.components.every(({ name, previous }) => previous !== undefined && previous.id === release.candidates[name]?.id);
}
