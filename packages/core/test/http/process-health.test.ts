import { createTestClock } from "@fairlead/testing";
import { describe, expect, test } from "vitest";
import { createHealth, defineCheck } from "../../src/health.js";
import { createHttp } from "../../src/http.js";
import { image } from "../../src/index.js";
import { createTeam } from "../deployer/team.js";

/** What the page of all deployments says about the process that answers it. */
async function shown(health: ReturnType<typeof createHealth>, waiting: () => Promise<unknown> = () => Promise.resolve()) {
  const { watching, createWorker } = createTeam();
  await using _ = watching;
  await using worker = createWorker();
  await watching.request({ kind: "deploy", environment: "development", source: image("shop:1"), actor: { name: "ada", via: "api" } });
  await worker.work({ untilIdle: true });
  const http = createHttp({ deployer: watching, health, public: ["deployments.read"] });
  let text: string | undefined;
  const asked = http.fetch(new Request("https://shop.example/deployments")).then(async (answer) => {
    text = await answer.text();
  });
  while (text === undefined) {
    await waiting();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await asked;
  await health.stop();
  return /(?:The process that answers this|The health of the process that answers this) is [^.]*/.exec(text)?.[0];
}

const notKnown = "The health of the process that answers this is not known";

describe("the process that answers the page of deployments", () => {
  const healthThat = (status: "up" | "down") =>
    createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status }) })], failureThreshold: 1 });

  test("is looked at where checks run on demand", async () => {
    expect(await shown(healthThat("up").onDemand())).toBe("The process that answers this is healthy");
    expect(await shown(healthThat("down").onDemand())).toBe("The process that answers this is unhealthy");
  });

  test("is not unwell before anybody has looked", async () => {
    expect(await shown(healthThat("up"))).toBe(notKnown);
  });

  test("is not unwell when what was known is old, and asking again takes long", async () => {
    const clock = createTestClock();
    let answers = true;
    const run = () => (answers ? { status: "up" as const } : new Promise<never>(() => undefined));
    const health = createHealth({ clock, checks: [defineCheck({ name: "database", run })] }).onDemand({ budget: "50ms" });
    await health.tick();
    answers = false;
    await clock.advance("1h");
    expect(await shown(health, () => clock.advance("10ms"))).toBe(notKnown);
  });
});
