import type { EnvironmentStatus } from "../../deployer/types.js";
import { defineCommand } from "../command.js";
import { nextOfAttention } from "../next-commands.js";
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
    const { running, release, queue, waiting, deadLetters } = status;
    if (running?.phase === "needs_attention") return { exitCode: 0, deployments: [running.deploymentId], next: nextOfAttention(running) };
    const asked = askedOf(status);
    if (asked !== undefined) {
      const { id, digest } = asked;
      return { exitCode: 0, deployments: [id], next: [`approve ${id} --digest ${digest}`, `reject ${id} --digest ${digest}`] };
    }
    if (running !== null) {
      const resume = running.paused === null ? [] : [`resume ${environment}`];
      const commands = [...resume, `abort ${environment}`, `recover ${environment}`];
      return { exitCode: 0, deployments: [running.deploymentId], next: running.holder === null ? commands.reverse() : commands };
    }
    const next = queue.find(({ phase }) => phase === "queued");
    if (next !== undefined) return { exitCode: 0, deployments: [next.id], next: [`recover ${environment}`, `abort ${next.id}`] };
    if (deadLetters.length > 0) return { exitCode: 0, next: [`redeliver ${environment}`, `history ${environment}`] };
    if (waiting.length > 0) return { exitCode: 0, next: [`recover ${environment}`, `history ${environment}`] };
    return { exitCode: 0, next: release === null ? [`deploy ${environment}`, `adopt ${environment}`] : [`history ${environment}`] };
  },
});

/** What people are asked to agree to, with so much of its digest as tells it from another. */
function askedOf({ running, queue }: EnvironmentStatus): { readonly id: string; readonly digest: string } | undefined {
  const gate = running?.waiting.find(({ waitingFor }) => waitingFor === "approval");
  if (running !== null && gate !== undefined) return { id: running.deploymentId, digest: shortOf(gate.digest ?? "") };
  const first = running === null ? queue.find(({ phase }) => phase === "awaiting_approval") : undefined;
  return first === undefined ? undefined : { id: first.id, digest: shortOf(first.digest) };
}

function shortOf(digest: string): string {
  return digest.replace(/^sha256:/, "").slice(0, 12);
}
