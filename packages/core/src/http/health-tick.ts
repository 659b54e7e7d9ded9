import * as z from "zod";
import { systemClock } from "../time/clock.js";
import { toMilliseconds } from "../time/duration.js";
import { jsonReply } from "./exchange.js";
import { loggedMessage } from "./failure.js";
import type { HttpOptions } from "./http-options.js";
import { defineRoute, type Route } from "./route.js";
import { createTick, type TickPart } from "./tick.js";

const part = z.enum(["health", "status", "work"]);

const answer = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]).optional().describe("What health knows now."),
  timestamp: z.iso.datetime().optional().describe("When it became known."),
  unfinished: z.array(part).describe("What was not done in time: the next tick goes on with it."),
});

/** Lets a cron job run what is due, where nothing runs between requests. 200 when it has run: what is unhealthy is told by health, and a job that fails would be repeated. Throws `DURATION_INVALID`. */
export function healthTickRoutes(options: HttpOptions): readonly Route[] {
  const { health, status: page, tick: { work, within = "50s" } = {}, clock = systemClock, log } = options;
  const redact = options.redact ?? options.deployer?.redact;
  // In this order: the page tells what the checks have found, and what it has to tell is delivered behind it.
  const parts: TickPart<z.infer<typeof part>>[] = [];
  if (health?.tick !== undefined) parts.push({ name: "health", run: () => health.tick?.() });
  if (page !== undefined) parts.push({ name: "status", run: () => page.tick() });
  if (work !== undefined) parts.push({ name: "work", run: (signal) => work({ signal }) });
  if (parts.length === 0) return [];
  const onLate = (error: unknown): void => log?.warn(`a part of a tick has failed behind its time: ${loggedMessage(error, redact)}`);
  const tick = createTick(parts, { within: toMilliseconds(within), clock, onLate });
  return [
    defineRoute({
      id: "fairlead.tick",
      method: "GET",
      path: "/fairlead/tick",
      permission: "tick.run",
      summary:
        "Runs the health checks that are due, brings the status page up to date, does what a worker does where the host says so, and waits for all of it, though not for ever.",
      answers: { 200: { description: "They have run.", schema: answer } },
      answer: async () => {
        const { unfinished, failures } = await tick();
        const [first, ...others] = failures;
        for (const other of others) log?.error(`a part of a tick has failed: ${loggedMessage(other, redact)}`);
        if (failures.length > 0) throw first;
        const { status, timestamp } = health?.tick === undefined ? {} : health.snapshot();
        const told = status === undefined ? {} : { status, timestamp };
        return jsonReply(200, { ...told, unfinished }, { "cache-control": "no-store" });
      },
    }),
  ];
}
