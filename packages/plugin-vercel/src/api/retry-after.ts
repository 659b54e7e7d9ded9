import { memberOf } from "../json.js";

/** How long the API wants to be left alone, in milliseconds: by `Retry-After` as seconds or as a date, or by what its own error says. */
export function retryAfterOf(headers: Headers, body: unknown, now: number): number | undefined {
  const header = headers.get("retry-after");
  if (header !== null) {
    const seconds = Number(header);
    if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1_000));
    const date = Date.parse(header);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
  }
  const reset = resetOf(body);
  return reset === undefined ? undefined : Math.max(0, reset - now);
}

/** When the limit ends. `reset` is in seconds by the documentation and in milliseconds by Vercel's own command line. */
function resetOf(body: unknown): number | undefined {
  const limit = memberOf(memberOf(body, "error"), "limit");
  const milliseconds = memberOf(limit, "resetMs");
  if (typeof milliseconds === "number") return milliseconds;
  const reset = memberOf(limit, "reset");
  if (typeof reset !== "number") return undefined;
  return reset < 1e11 ? reset * 1_000 : reset;
}
