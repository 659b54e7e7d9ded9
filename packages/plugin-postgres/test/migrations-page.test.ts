import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commandLineOf } from "./support/command-line.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

test("every command that the page shows does what it should, in the page's order", async () => {
  const page = await readFile(join(import.meta.dirname, "../../../docs/migrations.md"), "utf8");
  const commands = [...page.matchAll(/^node deploy\.ts (migrations .*)$/gm)].map(([, words = ""]) => words);
  expect(commands.length).toBeGreaterThan(12);
  const scene = await createScene();
  const run = commandLineOf(scene);
  for (const words of commands) {
    const { exitCode, stderr } = await run(words);
    expect([words, exitCode, stderr]).toEqual([words, 0, expect.not.stringContaining("✖")]);
    if (words.startsWith("migrations new"))
      await scene.write({
        "0001_add_orders.sql": "-- migrate:up\ncreate table orders (id bigint primary key);\n-- migrate:down\ndrop table orders;\n",
      });
  }
  expect(await scene.query("select state from fairlead.migrations")).toEqual([{ state: "reverted" }]);
});
