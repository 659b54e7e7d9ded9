import type { HealthSnapshot } from "../health/index.js";
import type { Asked } from "./health-answers.js";

/** The media type of draft-inadarei-api-health-check. */
export const healthMediaType = "application/health+json";

const words = { healthy: "pass", degraded: "warn", unhealthy: "fail", up: "pass", down: "fail" } as const;

/** Whether an `Accept` field names the media type, and does not refuse it. */
export function acceptsHealthMedia(accept: string | undefined): boolean {
  if (accept === undefined || !/health\+json/i.test(accept)) return false;
  return accept
    .toLowerCase()
    .split(",")
    .some((range) => {
      const [type, ...parameters] = range.split(";").map((part) => part.trim());
      return type === healthMediaType && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    });
}

/** The same facts, in the words of the draft. Holds codes, never messages. */
export function healthMedia({ release, timestamp }: HealthSnapshot, { status, checks }: Asked): object {
  const told = checks.map(({ name, status: is, latency, lastCheck, reason }) => [
    `${name}:responseTime`,
    [
      {
        componentId: name,
        ...(latency === null ? {} : { observedValue: latency, observedUnit: "ms" }),
        status: words[is],
        time: lastCheck ?? timestamp,
        // Left out of what passes.
        ...(reason === null ? {} : { output: reason }),
      },
    ],
  ]);
  return { status: words[status], ...(release === null ? {} : { releaseId: release }), checks: Object.fromEntries(told) as object };
}
