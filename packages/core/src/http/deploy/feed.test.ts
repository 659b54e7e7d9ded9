import { createTestClock } from "@fairlead/testing";
import { expect, test, vi } from "vitest";
import type { HttpDeployer } from "../http-options.js";
import { createFeeds } from "./feed.js";

test("what nobody listens to any more holds nothing of what was read, though the reading does not end", async () => {
  let say: (version: number) => void = () => undefined;
  const deployment = {
    id: "dep_1",
    async *events() {
      for (;;) yield { version: await new Promise<number>((resolve) => (say = resolve)) };
    },
    async *lines() {
      await new Promise(() => undefined);
      yield {};
    },
  };
  const deployer = { deployment: () => Promise.resolve(deployment) } as unknown as HttpDeployer;
  const { feed, leave } = createFeeds(deployer, createTestClock()).join("dep_1");
  await vi.waitFor(() => {
    say(1);
    expect(feed.pieces.length).toBeGreaterThan(0);
  });
  leave();
  expect(feed.pieces).toEqual([]);
  say(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(feed.pieces).toEqual([]);
});
