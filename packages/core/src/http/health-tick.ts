import * as z from "zod";
import { jsonReply } from "./exchange.js";
import type { HttpOptions } from "./http-options.js";
import { defineRoute, type Route } from "./route.js";

const answer = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]).describe("What is known now."),
  timestamp: z.iso.datetime().describe("When it became known."),
});

/** Lets a cron job run what is due, where nothing runs between requests. Always 200 when it has run: what is unhealthy is told by health, and a job that fails would be repeated. */
export function healthTickRoutes({ health }: HttpOptions): readonly Route[] {
  if (health?.tick === undefined) return [];
  const { tick } = health;
  return [
    defineRoute({
      id: "fairlead.tick",
      method: "GET",
      path: "/fairlead/tick",
      permission: "tick.run",
      summary: "Runs the health checks that are due, and waits for them.",
      answers: { 200: { description: "They have run.", schema: answer } },
      answer: async () => {
        const { status, timestamp } = await tick();
        return jsonReply(200, { status, timestamp }, { "cache-control": "no-store" });
      },
    }),
  ];
}
