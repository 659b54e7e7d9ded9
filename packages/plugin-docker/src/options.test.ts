import { secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { createDockerTarget } from "./docker-target.js";
import { docker } from "./docker.js";
import { dockerOptions, type DockerOptions } from "./options.js";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import { createFakeEngine } from "../test/support/fake-engine.js";
import { toSettings } from "../test/support/to-settings.js";

async function problemsOf(options: unknown): Promise<readonly string[]> {
  const { issues = [] } = await dockerOptions["~standard"].validate(options);
  return issues.map(
    ({ path = [], message }) => `${path.map((part) => (typeof part === "object" ? part.key : part).toString()).join(".")}: ${message}`,
  );
}

async function promoteTimeoutOf(options: DockerOptions): Promise<number | undefined> {
  const clock = createVirtualClock();
  return createDockerTarget({ engine: createFakeEngine(clock), clock, settings: await toSettings(options) }).promoteTimeout;
}

test("every mistake is found at its place, with what to write instead", async () => {
  const problems = await problemsOf({
    socketPath: "docker.sock",
    components: {
      worker: {
        stopTimeout: "ten seconds",
        minHealthyTme: "1s",
        memory: "512 MB",
        overlap: "both",
        env: { FAIRLEAD_RELEASE: "rel_1", RETRIES: 3, TOKEN: secret("TOKEN") },
        heartbeat: { file: "heartbeat", maxAge: "10s" },
      },
    },
    registries: { "ghcr.io": { username: "ada", password: "hunter2" } },
  });

  expect(problems).toHaveLength(9);
  expect(problems.join("\n")).toMatch(/socketPath: .*absolute path/);
  expect(problems.join("\n")).toMatch(/components\.worker\.stopTimeout: .*"30s"/);
  expect(problems.join("\n")).toMatch(/components\.worker: .*minHealthyTme/);
  expect(problems.join("\n")).toMatch(/components\.worker\.memory: .*"512m"/);
  expect(problems.join("\n")).toMatch(/components\.worker\.overlap: .*start-first.*stop-first/);
  expect(problems.join("\n")).toMatch(/components\.worker\.env\.FAIRLEAD_RELEASE: .*set by Fairlead/);
  expect(problems.join("\n")).toMatch(/components\.worker\.env\.RETRIES: .*secret\("NAME"\)/);
  expect(problems.join("\n")).toMatch(/components\.worker\.heartbeat\.file: .*absolute path/);
  expect(problems.join("\n")).toMatch(/registries\.ghcr\.io\.password: .*secret\("NAME"\)/);
  expect(problems.join("\n")).not.toContain("hunter2");
});

test("nothing has to be set", async () => {
  expect(await problemsOf({ ...(docker().options as object) })).toEqual([]);
});

test("the time of a promote is what its longest component may take", async () => {
  const short = { startTimeout: "2s", minHealthyTime: "3s", stopTimeout: "4s" } as const;

  expect(await promoteTimeoutOf({})).toBe(33_000);
  expect(await promoteTimeoutOf({ components: { worker: short } })).toBe(12_000);
  expect(await promoteTimeoutOf({ components: { worker: { ...short, overlap: "stop-first" } } })).toBe(16_000);
  expect(await promoteTimeoutOf({ components: { worker: short, mailer: { ...short, stopTimeout: "10m" } } })).toBe(608_000);
});

test("a stop timeout is whole seconds, at least one: the engine knows no others", async () => {
  const none = { startTimeout: "0s", minHealthyTime: "0s" } as const;

  expect(await promoteTimeoutOf({ components: { worker: { ...none, stopTimeout: "0s" } } })).toBe(4_000);
  expect(await promoteTimeoutOf({ components: { worker: { ...none, stopTimeout: "1500ms" } } })).toBe(5_000);
});
