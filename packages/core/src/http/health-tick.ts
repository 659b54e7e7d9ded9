import * as z from "zod";
import { jsonReply } from "./exchange.js";
import type { HttpOptions } from "./http-options.js";
import { defineRoute, type Route } from "./route.js";

const answer = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]).optional().describe("What health knows now."),
  timestamp: z.iso.datetime().optional().describe("When it became known."),
});

/** Lets a cron job run what is due, where nothing runs between requests. 200 when it has run: what is unhealthy is told by health, and a job that fails would be repeated. */
export function healthTickRoutes({ health, status: page }: HttpOptions): readonly Route[] {
  if (health?.tick === undefined && page === undefined) return [];
  return [
    defineRoute({
      id: "fairlead.tick",
      method: "GET",
      path: "/fairlead/tick",
      permission: "tick.run",
      summary: "Runs the health checks that are due and brings the status page up to date, and waits for both.",
      answers: { 200: { description: "They have run.", schema: answer } },
      answer: async () => {
        const found = await health?.tick?.();
        // Behind the checks: it tells what they found.
        await page?.tick();
        const told = found === undefined ? {} : { status: found.status, timestamp: found.timestamp };
        return jsonReply(200, told, { "cache-control": "no-store" });
      },
    }),
  ];
}
