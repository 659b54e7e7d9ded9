import { expect, test } from "vitest";
import { retryAfterOf } from "./retry-after.js";

const now = Date.UTC(2026, 0, 1);

test.for([
  [{ "retry-after": "7" }, {}, 7_000],
  [{ "retry-after": new Date(now + 90_000).toUTCString() }, {}, 90_000],
  [{ "retry-after": new Date(now - 90_000).toUTCString() }, {}, 0],
  [{ "retry-after": "soon" }, {}, undefined],
  [{ "retry-after": "2" }, { error: { limit: { resetMs: now + 9_000 } } }, 2_000],
  [{}, { error: { limit: { resetMs: now + 9_000, reset: 1 } } }, 9_000],
  [{}, { error: { limit: { reset: (now + 5_000) / 1_000 } } }, 5_000],
  [{}, { error: { limit: { reset: now + 5_000 } } }, 5_000],
  [{}, { error: { code: "rate_limited" } }, undefined],
  [{}, undefined, undefined],
] as const)("headers %o and body %o mean %s ms", ([headers, body, wait]) => {
  expect(retryAfterOf(new Headers(headers), body, now)).toBe(wait);
});
