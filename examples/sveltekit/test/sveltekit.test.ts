import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { sourceFlags } from "@fairlead/test-support";
import { expectDrain, healthProbes, routeProbes, startServer, type RunningServer } from "@fairlead/test-support/servers";
import { afterAll, beforeAll, describe, test } from "vitest";

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
});
afterAll(async () => {
  server.child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

describe("the hook", () => {
  test.each([...healthProbes(), ...routeProbes])("$name", ({ run }) => run({ ...known, port: server.port }));
});

describe("the route", () => {
  test.each(healthProbes("/internal"))("$name", ({ run }) => run({ ...known, port: server.port }));
});

test("ends without a lost request when it is asked to", () => expectDrain(server));
