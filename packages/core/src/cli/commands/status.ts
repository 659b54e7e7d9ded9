import { defineCommand } from "../command.js";
import { statusLines } from "../render/status.js";
import { environmentOf } from "../subject.js";
import { environmentBrief } from "./shared-flags.js";

export const statusCommand = defineCommand<object>({
  name: "status",
  brief: "Show what serves now and what is under way",
  description: "Reads the targets live and holds what they serve against the journal.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["status production", "status production --json"],
  flags: {},
  async run(session, _flags, subject) {
    const { deployer, output, clock } = session;
    const environment = environmentOf(session, subject);
    const status = await deployer.status(environment);
    output.record("status", { status });
    output.text(statusLines(status, deployer.application, clock.now(), output));
    const { running, release, waiting, deadLetters } = status;
    if (running?.phase === "needs_attention") {
      const id = running.deploymentId;
      return { exitCode: 0, deployments: [id], next: [`logs ${id}`, `retry ${id}`, `abandon ${id} --reason "…"`] };
    }
    if (running !== null && running.waiting.some(({ waitingFor }) => waitingFor === "approval")) {
      const id = running.deploymentId;
      return { exitCode: 0, deployments: [id], next: [`approve ${id}`, `reject ${id}`] };
    }
    if (running !== null) {
      const commands = [`abort ${environment}`, `recover ${environment}`];
      return { exitCode: 0, deployments: [running.deploymentId], next: running.holder === null ? commands.reverse() : commands };
    }
    if (deadLetters.length > 0) return { exitCode: 0, next: [`redeliver ${environment}`, `history ${environment}`] };
    if (waiting.length > 0) return { exitCode: 0, next: [`recover ${environment}`, `history ${environment}`] };
    return { exitCode: 0, next: release === null ? [`deploy ${environment}`, `adopt ${environment}`] : [`history ${environment}`] };
  },
});
