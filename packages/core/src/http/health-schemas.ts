import * as z from "zod";

/** What health answers look like, for the document of the surface. More members may come. */

const probe = z.looseObject({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  timestamp: z.iso.datetime(),
  release: z.string().optional(),
});

const service = z.looseObject({
  status: z.enum(["up", "degraded", "down"]),
  latency: z.number().nullable().describe("Of the last run, in milliseconds"),
  lastCheck: z.iso.datetime().nullable(),
  reason: z.string().describe("A code: why it is not up").optional(),
});

const health = probe.extend({ services: z.record(z.string(), service) });

/** Of a check, or of a group, which has services. */
const named = z.looseObject({ status: z.string(), timestamp: z.iso.datetime(), release: z.string().optional() });

interface Described {
  readonly id: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  /** Whether it is answered in the words of the draft too, by `Accept`. */
  readonly hasDraft?: boolean;
  /** Whether who has it is told that it is as it was. */
  readonly isCached?: boolean;
}

/** By path below the base path. */
export const healthAnswerSchemas: Readonly<Record<string, Described>> = {
  "/health": {
    id: "health",
    summary: "Whether this instance is well, and each of its checks.",
    schema: health,
    hasDraft: true,
    isCached: true,
  },
  "/health/ready": { id: "health.ready", summary: "Whether to send requests to this instance.", schema: probe },
  "/health/live": { id: "health.live", summary: "Whether to leave this process alone: 503 to start it anew.", schema: probe },
  "/health/startup": { id: "health.startup", summary: "Whether this instance has been ready once.", schema: probe },
  "/health/{name}": { id: "health.named", summary: "One check, or a group of checks, by its name.", schema: named, hasDraft: true },
};
