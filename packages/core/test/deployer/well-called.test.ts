import { describe, expect, test } from "vitest";
import { createDeployer, definePlugin, image, type Deployer } from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import * as z from "zod";
import { targetInMemory } from "./scene.js";

const shop = (): Deployer => {
  const plugin = definePlugin({
    ...{ id: "host", provides: ["target"], options: z.strictObject({}) },
    setup: () => ({ target: targetInMemory([]) }),
  });
  const environments = { development: { target: "host", source: image("shop:1") } } as const;
  return createDeployer({ application: "shop", store: memoryStore(), plugins: [plugin({})], environments });
};

const others = [null, {}, { id: "x" }, 5, [], Symbol("x"), () => "x"];
const [names, ids, wishes, words, queries] = [
  ["status", "statusPage", "doctor", "health", "validate"],
  ["deployment", "explain", "logs", "requested"],
  ["plan", "outlook", "deploy", "request", "rollback", "adopt", "freeze", "unfreeze", "unpin", "redeliver"],
  ["abort", "pause", "resume", "advance", "advanceAll", "approve", "reject", "release", "takeBack", "retry", "abandon"],
  ["recover", "pendingRequests", "history", "statistics", "exportJournal", "verifyJournal", "messages", "prune"],
] as const;

async function said(call: (given: never) => Promise<unknown>, given: unknown): Promise<unknown> {
  return call(given as never).then(
    () => "it was done",
    (error: unknown) => error,
  );
}

describe("what no compiler has looked at", () => {
  test.each([...names, ...ids])("%s takes a text", async (name) => {
    await using deployer = shop();
    for (const given of others) {
      expect(await said(deployer[name], given)).toMatchObject({ code: "CALL_INVALID", status: 400, data: { call: name } });
    }
  });

  test.each([...wishes, ...words])("%s takes an object that says what it is about", async (name) => {
    await using deployer = shop();
    const member = words.some((word) => word === name) ? "deploymentId" : "environment";
    for (const given of [undefined, ...others, "development", { [member]: 5 }, { [member]: { id: "x" } }]) {
      expect(await said(deployer[name], given)).toMatchObject({ code: "CALL_INVALID", data: { call: name } });
    }
  });

  test.each(queries)("%s does not take the name of one environment for all of them", async (name) => {
    await using deployer = shop();
    for (const given of ["development", null, 5, [], { environment: {} }]) {
      expect(await said(deployer[name], given)).toMatchObject({ code: "CALL_INVALID", data: { call: name } });
    }
    expect(await said(deployer[name], undefined)).not.toMatchObject({ code: "CALL_INVALID" });
  });

  test("the message says which call, and what it takes", async () => {
    await using deployer = shop();
    expect(await said(deployer.status, { environment: "development" })).toMatchObject({
      message: "`status` cannot be called like that: the name of an environment is a text, not an object.",
    });
    expect(await said(deployer.abort, "dep_x")).toMatchObject({
      message: "`abort` cannot be called like that: it takes an object with `deploymentId`, not a text.",
    });
  });

  test("what is well called is done, and what is not known is said to be that", async () => {
    await using deployer = shop();
    expect(await deployer.status("development")).toMatchObject({ release: null });
    expect(await said(deployer.status, "elsewhere")).toMatchObject({ code: "ENVIRONMENT_UNKNOWN" });
    expect(await said(deployer.deployment, "dep_x")).toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
    expect(await said(deployer.changes, 5)).toMatchObject({ code: "CALL_INVALID" });
  });
});
