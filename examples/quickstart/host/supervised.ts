import { definePlugin } from "@fairlead/core";
import * as z from "zod";

/** What the supervisor says of the process that serves. */
export interface Supervised {
  readonly candidate: string;
  readonly pid: number;
  /** Its health. */
  readonly health: string;
}

/** A target for processes that a supervisor keeps, as `systemd` or a platform does. Making a release serve starts its process and ends the one before: also where that is the one that asks for it. */
export const supervised = definePlugin({
  id: "supervised",
  provides: ["target", "checks"],
  options: z.strictObject({ url: z.url() }),
  setup: ({ url }) => {
    const current = async (signal: AbortSignal): Promise<Supervised> => {
      const answer: Supervised = JSON.parse(await (await fetch(new URL("current", url), { signal })).text());
      return answer;
    };
    return {
      target: {
        roles: ["web"],
        description: "processes of a supervisor",
        promoteTimeout: 60_000,
        prepare: ({ key }) => Promise.resolve({ id: candidateOf(key) }),
        observe: ({ key }) => Promise.resolve({ status: "applied", candidate: { id: candidateOf(key) } }),
        async promote({ candidate }, { signal }) {
          await fetch(new URL(`serve/${candidate.id}`, url), { method: "POST", signal });
        },
        async current(_, { signal }) {
          const { candidate } = await current(signal);
          return { candidate: { id: candidate }, settled: true };
        },
        retained: () => Promise.resolve([]),
      },
      checks: [
        {
          scope: "candidate",
          name: "answers",
          run: async ({ live }, { signal }) => {
            // Before its promote it does not run.
            if (!live) return { status: "up" };
            const { ok } = await fetch((await current(signal)).health, { signal });
            return { status: ok ? "up" : "down" };
          },
        },
      ],
    };
  },
});

/** The same for the same key. */
function candidateOf(key: string): string {
  return `host-${key.slice(-12).replaceAll(/\W/g, "-")}`;
}
