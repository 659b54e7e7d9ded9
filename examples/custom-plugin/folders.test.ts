import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "@fairlead/core";
import { targetSuite } from "@fairlead/testing/conformance";
import { describe, test } from "vitest";
import { foldersTarget } from "./folders.ts";

targetSuite(
  { test, describe },
  {
    async create() {
      const root = await mkdtemp(join(tmpdir(), "folders-"));
      const served = join(root, "served");
      const home = join(served, "shop/production/web");
      return {
        target: foldersTarget(served),
        again: () => foldersTarget(served),
        component: { application: "shop", environment: "production", component: "web", role: "web" },
        artifact: async (version) => {
          const path = join(root, `version-${String(version)}`);
          await mkdir(path, { recursive: true });
          await writeFile(join(path, "index.html"), `version ${String(version)}`);
          return { kind: "directory", digest: digestOf(version), files: 1, path };
        },
        witness: {
          serving: () =>
            readFile(join(home, "current", "FAIRLEAD_RELEASE"), "utf8").then(
              (release) => [release],
              () => [],
            ),
          candidates: () =>
            readdir(join(home, "releases")).then(
              (names) => names.filter((name) => name.endsWith(".json")).length,
              () => 0,
            ),
        },
        dispose: () => rm(root, { recursive: true }),
      };
    },
  },
);
