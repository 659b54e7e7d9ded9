import type { DeployTarget, LogLine } from "@fairlead/core";
import type { VercelEvent } from "./api/event.js";
import { toCandidate, type VercelContext } from "./context.js";
import { discard } from "./discard.js";
import { listFiles } from "./files/file-set.js";
import { createInTurn } from "./in-turn.js";
import { releaseOf } from "./meta.js";
import { findByKey } from "./prepare/create-once.js";
import { prepare } from "./prepare/prepare.js";
import { promote } from "./promote.js";
import { standingOf } from "./standing.js";
import type { Traffic } from "./traffic/traffic.js";

/** Web components on Vercel, for one environment. */
export function createVercelTarget(context: VercelContext, traffic: Traffic): DeployTarget {
  const { client, settings } = context;
  const inTurn = createInTurn();
  return {
    roles: ["web"],
    description: `Vercel project ${settings.project}`,
    promoteTimeout: settings.promoteTimeout,

    prepare: (input, call) => inTurn.run(input.key, call.signal, () => prepare(context, input, call)),

    async observe({ key }, { signal }) {
      const found = await findByKey(client, key, signal);
      if (found === undefined) return { status: "absent" };
      const candidate = toCandidate(found);
      const standing = standingOf(found);
      if (standing.status === "failed") return { status: "failed", candidate, reason: standing.problem };
      return { status: standing.status === "ready" ? "applied" : "in-progress", candidate };
    },

    files: ({ folder }) => listFiles({ folder, prebuilt: settings.prebuilt }),

    promote: (input, call) => promote(context, traffic, input, call),

    async current(_, { signal }) {
      const showing = await traffic.showing(signal);
      if (showing === undefined) return undefined;
      const { deployment, settled, note } = showing;
      const release = releaseOf(deployment);
      return {
        candidate: toCandidate(deployment),
        ...(release === undefined ? {} : { release }),
        settled,
        ...(note === undefined ? {} : { note }),
      };
    },

    discard: (input, call) => discard(context, traffic, input, call),

    async retained(input, { signal }) {
      const [deployments, showing] = await Promise.all([traffic.retained(input, signal), traffic.showing(signal)]);
      return deployments
        .filter(({ id }) => id !== showing?.deployment.id)
        .map((deployment) => {
          const release = releaseOf(deployment);
          return {
            candidate: toCandidate(deployment),
            ...(release === undefined ? {} : { release }),
            createdAt: new Date(deployment.createdAt).toISOString(),
          };
        });
    },

    async *logs({ candidate, since }, { signal }) {
      const from = since === undefined ? 0 : Date.parse(since);
      const events = await client.events(candidate.id, signal);
      for (const event of [...events].sort((one, other) => one.at - other.at)) if (event.at >= from) yield toLine(event);
    },
  };
}

function toLine({ type, at, text }: VercelEvent): LogLine {
  const stream = type === "stderr" ? "stderr" : type === "stdout" ? "stdout" : "event";
  return { at: new Date(at).toISOString(), text, stream };
}
