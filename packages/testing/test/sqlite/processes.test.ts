import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sqliteStore } from "@fairlead/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { endOf, runScript } from "./run-script.js";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fairlead-processes-"));
  path = join(folder, "journal.db");
});

afterEach(() => rm(folder, { recursive: true }));

it("SQLite is loaded with the first use of a store, not by importing core", async () => {
  const script = runScript("loading.mjs", path);
  const [output, end] = await Promise.all([text(script.stdout), endOf(script)]);
  expect(output.trim().split("\n")).toEqual(['{"made":[]}', '{"used":true}']);
  expect(end).toBe(0);
});

it("an open store that is watched by nobody lets its process end", async () => {
  const script = runScript("watcher.mjs", path, "idle");
  const [output, end] = await Promise.all([text(script.stdout), endOf(script)]);
  expect([output, end]).toEqual(["ready\n", 0]);
});

it("a process that waits for a change of another stays alive, and is told", async () => {
  const script = runScript("watcher.mjs", path, "waiting");
  const [output, end] = [text(script.stdout), endOf(script)];
  await once(script.stdout, "data");
  const store = sqliteStore({ path });
  const events = [{ type: "one", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" }];
  await store.commit({ streams: [{ name: "told", expectedVersion: 0, events }] });
  await store.close();
  expect([await output, await end]).toEqual(["ready\ntold\n", 0]);
});
