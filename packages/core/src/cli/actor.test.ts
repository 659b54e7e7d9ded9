import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findActor } from "./actor.js";

test("the name that is given counts before everything", async () => {
  expect(await findActor("ada", { GITHUB_ACTOR: "someone" })).toEqual({ name: "ada", via: "cli" });
});

test("a blank name is none", async () => {
  expect((await findActor(" ", { GITHUB_ACTOR: "someone" })).name).toBe("someone");
});

test.for([
  ["GitHub", { GITHUB_ACTOR: "pusher", GITHUB_TRIGGERING_ACTOR: "rerunner" }, "rerunner"],
  ["GitLab", { GITLAB_USER_LOGIN: "gail" }, "gail"],
  ["Buildkite", { BUILDKITE_BUILD_CREATOR: "bo" }, "bo"],
  ["CircleCI", { CIRCLE_USERNAME: "cy" }, "cy"],
] as const)("on %s it is who started the job", async ([, env, name]) => {
  expect((await findActor(undefined, env)).name).toBe(name);
});

test("else it is git's user.name", async () => {
  const home = mkdtempSync(join(tmpdir(), "fairlead-actor-"));
  const config = join(home, "config");
  writeFileSync(config, "[user]\n\tname = Ada Lovelace\n");
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: config, GIT_CONFIG_COUNT: "0", GIT_DIR: home, GITHUB_ACTOR: " " };
  expect((await findActor(undefined, env)).name).toBe("Ada Lovelace");
});

test("else it is the user of the system", async () => {
  expect((await findActor(undefined, { PATH: "/nonexistent" })).name).toBe(userInfo().username);
});
