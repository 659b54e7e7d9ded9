import { sourceFlags } from "@fairlead/test-support";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceHost } from "../stage/replace-host.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quickstart-host-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("the shop's own process deploys the one that takes its place, which finishes what the first began", { timeout: 300_000 }, async () => {
  const { phase, drivers, before, after } = await replaceHost(
    { SHOP_APPLICATION: "shop", SHOP_JOURNAL: join(folder, "journal.db") },
    sourceFlags,
  );
  expect(phase).toBe("succeeded");
  expect(drivers).toEqual([before.pid, after.pid]);
  expect(after.pid).not.toBe(before.pid);
  expect(after.candidate).not.toBe(before.candidate);
});
