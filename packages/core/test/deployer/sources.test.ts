import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directory } from "../../src/index.js";
import { createScene, targetInMemory } from "./scene.js";

test("a folder without files never replaces what serves", async () => {
  const { deployer, effects, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  const empty = await mkdtemp(join(tmpdir(), "fairlead-empty-"));
  await mkdir(join(empty, "assets"));
  const refused = await deployer.deploy({ environment: "development", source: directory(empty) }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "SOURCE_EMPTY", data: { component: "web", path: empty } });
  expect(effects).toEqual(["prepare c1", "promote c1"]);
});

test("neither does a folder of which its target takes nothing", async () => {
  const { deployer, source } = createScene({ target: (effects) => ({ ...targetInMemory(effects), files: async () => [] }) });
  await using _ = deployer;
  const refused = await deployer.plan({ environment: "development", source: await source("one") }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "SOURCE_EMPTY" });
});
