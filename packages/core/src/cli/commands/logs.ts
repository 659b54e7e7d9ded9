import { hasEnded } from "../../machine/index.js";
import { defineCommand } from "../command.js";
import { logLines } from "../render/log.js";
import type { Session } from "../session.js";
import { deploymentOf } from "../subject.js";
import { deploymentBrief } from "./shared-flags.js";

interface LogsFlags {
  readonly follow?: boolean;
}

/** Between two looks for new lines, in milliseconds. */
const lookEvery = 1_000;

export const logsCommand = defineCommand<LogsFlags>({
  name: "logs",
  brief: "Show what the steps of a deployment logged",
  description: "Reads what was kept of a deployment's log; of an environment, that of its newest deployment.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "reads",
  examples: ["logs production --follow", "logs dep_01k9x2m4v8q6t3w5y7z9a1b2c3"],
  flags: { follow: { kind: "boolean", brief: "Go on until the deployment has ended", optional: true } },
  async run(session, { follow = false }, subject) {
    const id = await deploymentOf(session, subject, "any");
    const { deployer, clock, interrupts } = session;
    const leaving = new AbortController();
    if (follow) {
      interrupts.use(() => {
        leaving.abort();
      });
    }
    const deployment = await deployer.deployment(id);
    let shown = 0;
    for (;;) {
      const { phase } = await deployment.state();
      shown = await show(session, id, shown);
      if (!follow || hasEnded(phase) || phase === "needs_attention" || leaving.signal.aborted) break;
      await clock.sleep(lookEvery, { signal: leaving.signal }).catch(() => undefined);
    }
    if (shown === 0) session.output.text(["Nothing was logged."]);
    return { exitCode: 0, deployments: [id] };
  },
});

async function show({ deployer, output }: Session, id: string, after: number): Promise<number> {
  const entries = await deployer.logs(id);
  for (const entry of entries.slice(after)) {
    output.record("log", { deploymentId: id, entry });
    output.text(logLines(entry, output));
  }
  return entries.length;
}
