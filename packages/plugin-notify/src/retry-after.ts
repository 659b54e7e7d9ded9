/** How long a channel wants to be left alone, in milliseconds: `Retry-After` as seconds or as a date, or Discord's `retry_after` in seconds with a fraction. */
export function retryAfterOf(headers: Headers, body: unknown, now: number): number | undefined {
  if (typeof body === "object" && body !== null && "retry_after" in body && typeof body.retry_after === "number")
    return Math.ceil(body.retry_after * 1_000);
  const header = headers.get("retry-after");
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1_000));
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
