import { matrixCases, postgres, requireService } from "@fairlead/test-support";
import { findLeaks, type LeakSource } from "@fairlead/testing";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeEach, describe, test, type ExpectStatic } from "vitest";
import { echoEverywhere, malformed, refuseContainers } from "./support/echoes.ts";
import { startSecrecyStage, type SecrecyStage } from "./support/secrecy-stage.ts";

const stages: SecrecyStage[] = [];
const start = async (name: string, worker: "where-possible" | "never"): Promise<SecrecyStage> => {
  const stage = await startSecrecyStage({ application: `secrecy-${name}-${String(process.pid)}`, worker });
  stages.push(stage);
  return stage;
};

beforeEach((context) => {
  requireService(context, postgres);
});
afterAll(() => Promise.all(stages.map((stage) => stage.stop())));

describe.concurrent("no secret of the shop comes out anywhere", { timeout: 180_000 }, () => {
  const modes = [
    { mode: "lines", flag: "", worker: "where-possible" },
    { mode: "json", flag: " --json", worker: "never" },
  ] as const;
  test.for(matrixCases(modes, { sample: 1 }))(
    "in four releases, of which two are taken back ($mode)",
    async ({ mode, flag, worker }, { expect }) => {
      const stage = await start(mode, worker);
      const codes = [];
      for (const release of ["1", "2", "3", "4"]) codes.push((await stage.deploy(release, flag)).exitCode);
      const questions = ["status", "history", "logs", "health", "doctor", "plan"];
      await Promise.all([...questions.map((question) => stage.run(`${question} production${flag}`)), stage.askHealth()]);

      expect(codes).toEqual([0, 0, 4, 4]);
      await expectNothingIn(await stage.cameOut(), stage, expect);
    },
  );

  test.for(matrixCases(["where-possible"] as const, { sample: 0 }))(
    "when everybody says again what they were sent",
    async (worker, { expect }) => {
      const stage = await start("echoes", worker);
      const { world, env, echo, body } = stage;

      // Each question is first answered with a failure, and each message too.
      await echoEverywhere(stage);
      expect((await stage.deploy("1")).exitCode).toBe(0);

      await world.vercel.fault({ kind: "status", status: 400, body, every: true, match: { operation: "deployment.promote" } });
      await world.messages.fault({ kind: "status", status: 403, body: echo, every: true, match: { operation: "slack.post" } });
      expect((await stage.deploy("2", " --json", { reason: echo })).exitCode).toBe(4);
      await world.messages.clearFaults();

      await stage.build("2");
      await writeFile(join(world.release, "migrations/0009_echo.sql"), "do $$ begin raise '%', current_setting('shop.echo'); end $$;");
      expect((await stage.run("deploy production")).exitCode).toBe(4);
      await world.vercel.clearFaults();

      // Asking an address with a password in it is an error that quotes the address.
      const credentials = { username: "shop", password: encodeURIComponent(env["VERCEL_TOKEN"] ?? "") };
      const quoting = { env: { SHOP_URL: Object.assign(new URL(env["SHOP_URL"] ?? ""), credentials).href } };
      expect((await stage.deploy("2", "", { env: { ...quoting.env, ...malformed.channels(stage) } })).exitCode).toBe(4);
      await Promise.all([stage.askHealth(quoting), stage.run("health production", quoting)]);

      await world.vercel.fault({ kind: "status", status: 400, body, every: true, match: { operation: "deployment.rollback" } });
      await world.vercel.fault({ kind: "status", status: 400, body, nth: 2, every: true, match: { operation: "deployment.promote" } });
      expect((await stage.deploy("4", " --json")).exitCode).toBe(10);
      expect((await stage.run("status production")).stdout).toContain("needs attention");
      await stage.run("abandon production", { reason: echo });

      refuseContainers(stage);
      await world.vercel.fault({ kind: "status", status: 403, body, every: true });
      const questions = ["status", "health", "doctor", "plan", "rollback"].map((question) => `${question} production`);
      await Promise.all([...questions, ...questions.map((question) => `${question} --json`)].map((words) => stage.run(words)));
      await Promise.all(Object.values(malformed.others(stage)).map((broken) => stage.run("doctor production", { env: broken })));

      const texts = await stage.cameOut();
      const names = stage.secrets.map(({ name }) => name).sort();
      expect.soft(maskedIn(texts, "journal")).toEqual(names);
      for (const sink of ["stdout", "JSON lines", "stderr", "database", "messages to slack", "messages to webhook", "messages by e-mail"])
        expect.soft(maskedIn(texts, sink), sink).toContain("VERCEL_TOKEN");
      await expectNothingIn(texts, stage, expect);
    },
  );
});

/** Names of the secrets that were masked there: somebody had said them. */
function maskedIn(texts: readonly LeakSource[], sink: string): readonly string[] {
  const all = texts
    .filter(({ source }) => source.startsWith(sink))
    .map(({ text }) => (typeof text === "string" ? text : Buffer.from(text).toString()));
  return [...new Set([...all.join("\n").matchAll(/\[redacted:(\w+)\]/g)].flatMap(([, name = ""]) => name))].sort();
}

/** Nothing proves nothing: each sink has something in it. */
async function expectNothingIn(texts: readonly LeakSource[], { secrets, sinks }: SecrecyStage, expect: ExpectStatic): Promise<void> {
  for (const sink of sinks)
    expect
      .soft(
        texts.some(({ source, text }) => source.startsWith(sink) && text.length > 50),
        sink,
      )
      .toBe(true);
  const leaks = await findLeaks({ canaries: secrets, texts });
  expect(
    leaks.map(
      ({ name, source, via, before }) => `${name} in ${source}${via.map((decoding) => `, ${decoding}`).join("")}, behind ${before}`,
    ),
  ).toEqual([]);
}
