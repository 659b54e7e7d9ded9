import { matrixCases } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { schemaPairs } from "./diff/schema-pairs.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

const pairs = schemaPairs.flatMap(({ name, from, to }) => [
  { name, from, to },
  { name: `${name}, and back`, from: to, to: from },
]);

/** Where the library's SQL does not lead there; docs/migrations.md says so. */
const known: Readonly<Record<string, RegExp>> = { sequence: /RESTART value \(1\) cannot be less than MINVALUE \(10\)/ };

test.for(matrixCases(pairs, { sample: 4 }))(
  "a diff makes what it is to make, and says where it does not: $name",
  async ({ name, from, to }) => {
    const scene = await createScene();
    await scene.write({ "1.sql": from === "" ? "select 1" : from });
    if (to !== "") await scene.query(to);
    const { proof, problem, left } = await createMigrations({ url: scene.url, migrations: scene.folder, application: "shop" }).diff();
    const expected = known[name];
    if (expected === undefined) expect({ proof, problem, left }).toEqual({ proof: "proved", problem: null, left: [] });
    else expect({ proof, problem }).toEqual({ proof: "wrong", problem: expect.stringMatching(expected) as string });
  },
);
