import { createTestClock } from "@fairlead/testing";
import { expect, test, vi } from "vitest";
import { createHealth, defineCheck } from "../health/index.js";
import { createHttp } from "./create-http.js";

const redact = (text: string): string => {
  if (text.includes("odd")) throw new Error("canary: cannot be masked");
  return text.replaceAll("canary", "[redacted]");
};

async function shop() {
  const clock = createTestClock();
  const down = (name: string, word: string) =>
    defineCheck({ name, run: () => ({ status: "down", reason: "refused", message: `${word} canary`, data: { word } }) });
  const options = { clock, failureThreshold: 1, startPeriod: "0s" } as const;
  const health = createHealth({ ...options, checks: [down("database", "odd"), down("search", "plain")] }).background();
  await clock.advance("0s");
  return health;
}

test("a check that cannot be masked is answered without what it says, the others as ever, and no other path is touched", async () => {
  const asked = vi.fn(redact);
  const http = createHttp({ health: await shop(), redact: asked, public: ["health.details"] });
  const elsewhere = await http.fetch(new Request("https://shop.example/products"));
  expect([elsewhere.status, asked.mock.calls.length]).toEqual([404, 0]);
  const response = await http.fetch(new Request("https://shop.example/api/health?verbose"));
  const answer = (await response.json()) as { services: Record<string, object> };
  expect(answer).toMatchObject({ status: "unhealthy", services: { database: { status: "down", reason: "check_failed" } } });
  expect(answer.services["database"]).not.toHaveProperty("message");
  expect(answer.services["database"]).not.toHaveProperty("data");
  expect(answer.services["search"]).toMatchObject({ status: "down", reason: "refused", message: "plain [redacted]", data: { word: "plain" } });
});
