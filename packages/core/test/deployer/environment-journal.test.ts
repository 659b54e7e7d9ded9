import { expect, test } from "vitest";
import { foldEnvironment, readEnvironment, readReleases } from "../../src/engine/environment-journal.js";
import { createScene } from "./scene.js";

test("what an environment serves is what its journal folds to", async () => {
  const { deployer, store, source } = createScene();
  await using _ = deployer;
  for (const content of ["one", "two", "three"])
    await (await deployer.deploy({ environment: "development", source: await source(content) })).result();
  await (await deployer.rollback({ environment: "development" })).result();
  const stream = "environment/shop/development";
  const folded = foldEnvironment(stream, await store.read(stream));
  expect(await readEnvironment(store, "shop", "development")).toEqual(folded);
  const releases = await readReleases(store, "shop", "development", folded);
  expect(releases).toHaveLength(3);
  expect(releases[0]).toEqual(folded.serving);
  expect(releases.map(({ release }) => release.id)).toEqual(folded.served.map(({ release }) => release));
});
