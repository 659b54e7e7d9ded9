import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore, sqliteStore } from "@fairlead/core";
import { describe, test } from "vitest";
import { movableClock } from "./movable-clock.js";
import { storeSuite } from "./store-suite.js";

describe("memoryStore", () => {
  const oneProcess = "what it holds belongs to one object";
  storeSuite(
    { test, describe },
    {
      create: () => {
        const clock = movableClock();
        const store = memoryStore({ clock });
        return { store, clock, dispose: () => store.close() };
      },
      skip: {
        "everything is there after opening again": oneProcess,
        "tokens and positions go on growing after opening again": oneProcess,
        "stores on the same data refuse each other": oneProcess,
        "of a hundred writers through two stores one succeeds": oneProcess,
        "a watcher is told of what another store on the same data commits": oneProcess,
      },
    },
  );
});

describe("sqliteStore", () => {
  storeSuite(
    { test, describe },
    {
      create: async () => {
        const folder = await mkdtemp(join(tmpdir(), "fairlead-store-"));
        const clock = movableClock();
        const open = () => sqliteStore({ path: join(folder, "journal.db"), clock, pollInterval: "5ms" });
        const store = open();
        return {
          store,
          clock,
          reopen: async () => open(),
          dispose: async () => {
            await store.close();
            await rm(folder, { recursive: true });
          },
        };
      },
    },
  );
});
