import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { sourceFlags } from "@fairlead/test-support";
import { ask, expectDrain, healthProbes, routeProbes, startServer, type RunningServer } from "@fairlead/test-support/servers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServices } from "./services.ts";

const known = { release: "rel_sveltekit", token: "ci-0123456789-0123456789" };
const cwd = join(import.meta.dirname, "..");
let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sveltekit-"));
  await promisify(execFile)(process.execPath, [...sourceFlags, "test/build.js"], {
    cwd,
    env: { PATH: process.env["PATH"], NODE_ENV: "production" },
  });
  const env = { DEPLOY_TOKEN: known.token, JOURNAL: join(folder, "journal.db"), FAIRLEAD_RELEASE: known.release };
  server = await startServer("server.js", { cwd, env });
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the hook", () => {
  test.each([...healthProbes(), ...routeProbes])("$name", ({ run }) => run({ ...known, port: server.port }));
});

describe("the route", () => {
  test.each(healthProbes("/internal"))("$name", ({ run }) => run({ ...known, port: server.port }));
});

test("ends without a lost request when it is asked to", () => expectDrain(server));

describe("on demand", () => {
  test(
    "processes that are stopped between requests: what hangs is never green, and what was green is not when it is too old",
    { timeout: 600_000 },
    async () => {
      const services = await startServices();
      const env = { JOURNAL: join(folder, "on-demand.db"), ON_DEMAND: "1s", SERVICES: services.list };
      const instances = await Promise.all(["a", "b", "c"].map(() => startServer("server.js", { cwd, env })));
      const answerOf = async ({ port, child }: RunningServer) => {
        child.kill("SIGCONT");
        const { status, body } = await ask(port, "/api/health");
        const found = JSON.parse(body) as {
          readonly services: Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;
        };
        const { search, payments } = found.services;
        return { status, search: search?.status, payments: payments?.status, reason: payments?.reason };
      };
      const known = { status: 503, search: "up", payments: "down", reason: "timeout" };
      try {
        for (const instance of instances) {
          // Before anything is known nothing is green.
          expect(await answerOf(instance)).toMatchObject({ status: 503, payments: "down" });
          await expect.poll(() => answerOf(instance), { timeout: 180_000, interval: 100 }).toEqual(known);
          instance.child.kill("SIGSTOP");
        }
        // What they know is over now, and nobody answers any more.
        services.stop();
        await pause(2_000);
        for (const instance of instances) {
          expect(await answerOf(instance)).toMatchObject({ status: 503, search: "down", payments: "down" });
          instance.child.kill("SIGSTOP");
        }
      } finally {
        for (const { child } of instances) child.kill("SIGKILL");
        services.stop();
      }
    },
  );
});
