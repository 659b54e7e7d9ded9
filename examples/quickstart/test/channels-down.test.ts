import { postgres, requireService, sourceFlags } from "@fairlead/test-support";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildShop } from "../build.ts";
import { printDeploy, runDeploy } from "../stage/run-deploy.ts";
import { storyOf } from "../stage/story.ts";
import { startWorld, type World } from "../stage/world.ts";

let folder: string;
let world: World | undefined;

beforeEach(async (context) => {
  requireService(context, postgres);
  folder = await mkdtemp(join(tmpdir(), "channels-down-"));
});
afterEach(async () => {
  await world?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("channels that are down keep nothing waiting, and get their messages when they are back", { timeout: 300_000 }, async () => {
  world = await startWorld({ folder, application: "shop-without-channels", worker: "never" });
  const { env, messages, release } = world;
  await buildShop("1", release);
  await messages.fault({ kind: "hang", every: true });
  const smtpElsewhere = Object.assign(new URL(env["SMTP_URL"] ?? ""), { port: await findClosedPort() }).href;

  const run = await runDeploy(["deploy", "production"], { env: { ...env, SMTP_URL: smtpElsewhere }, nodeFlags: sourceFlags });

  const { end, endedAt } = storyOf({ release: "1", name: "", run });
  expect([run.exitCode, end, run.problems]).toEqual([0, "promoted", []]);
  // Five seconds, and what a busy machine takes to end a process.
  expect(run.endedAt - (endedAt ?? 0)).toBeLessThanOrEqual(45_000);
  expect(await arrived(world)).toEqual([]);
  const status = async () => (await printDeploy(["status", "production"], { env, nodeFlags: sourceFlags })).join("\n");
  const told = await status();
  expect(told).toContain("6 messages still to be delivered");
  expect(told).toContain("email cannot be reached (ECONNREFUSED).");
  expect(told).toMatch(/slack did not answer within [\d.]+ m?s\./);
  expect(told).toMatch(/webhook did not answer within [\d.]+ m?s\./);
  expect(told).toContain("recover production");

  await messages.clearFaults();
  const deadline = Date.now() + 90_000;
  // The pauses between two attempts grow; half a minute is the longest by now.
  while ((await arrived(world)).length < 6 && Date.now() < deadline) {
    expect((await runDeploy(["recover", "production"], { env, nodeFlags: sourceFlags })).exitCode).toBe(0);
    await sleep(2_000);
  }

  expect(await arrived(world)).toEqual(
    ["email", "slack", "webhook"].flatMap((channel) => [
      `${channel}: Deployment of shop-without-channels production has begun`,
      `${channel}: Deployment of shop-without-channels production succeeded`,
    ]),
  );
  expect(await status()).not.toContain("still to be delivered");
});

/** Titles of all messages that arrived, repeated ones included, by channel and in their order. */
async function arrived({ messages, mails }: World): Promise<readonly string[]> {
  const [sink, inbox] = await Promise.all([messages.ledger(), mails.ledger()]);
  const titleOf = (text: string): string => /Deployment of [\w-]+ production (?:has begun|succeeded)/.exec(text)?.[0] ?? text;
  return [
    ...inbox.messages.map(({ subject }) => `email: ${subject}`),
    ...sink.messages.filter(({ channel }) => channel === "slack").map(({ text }) => `slack: ${titleOf(text)}`),
    ...sink.messages.filter(({ channel }) => channel === "webhook").map(({ text }) => `webhook: ${titleOf(text)}`),
  ];
}

async function findClosedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? String(address.port) : "";
}
