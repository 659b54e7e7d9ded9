import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectDrain, healthProbes, routeProbes, startServer, type RunningServer } from "@fairlead/test-support/servers";
import { afterAll, beforeAll, describe, test } from "vitest";

const names = ["plain", "express4", "express5", "fastify", "hono"] as const;
const token = "ci-0123456789-0123456789";
const example = join(import.meta.dirname, "..");
const servers = new Map<string, RunningServer>();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "servers-"));
  const start = async (name: string): Promise<void> => {
    const env = { DEPLOY_TOKEN: token, JOURNAL: join(folder, name, "journal.db"), FAIRLEAD_RELEASE: `rel_${name}` };
    servers.set(name, await startServer(`${name}.ts`, { cwd: example, env }));
  };
  await Promise.all(names.map(start));
});
afterAll(async () => {
  for (const { child } of servers.values()) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

function serverOf(name: string): RunningServer {
  const server = servers.get(name);
  if (server === undefined) throw new Error(`${name} does not run`);
  return server;
}

describe.each(names)("%s", (name) => {
  test.each([...healthProbes(), ...routeProbes])("$name", ({ run }) => run({ port: serverOf(name).port, release: `rel_${name}`, token }));
});

test("each ends without a lost request when it is asked to", async () => {
  await Promise.all(names.map((name) => expectDrain(serverOf(name))));
});
