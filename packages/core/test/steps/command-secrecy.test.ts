import { findLeaks } from "@fairlead/testing";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, secret, sqliteStore } from "../../src/index.js";
import { command } from "../../src/steps/index.js";
import { targetInMemory } from "../deployer/scene.js";

/** With characters that encodings differ in. */
const canary = 'Zk3/qT9+w="7%é-Vb2mXr8pLd';

/** Says its token in every way that a program may, on both streams, then does as it is told. */
const talk = `
const { TOKEN } = process.env;
const ways = [TOKEN, JSON.stringify({ TOKEN }), encodeURIComponent(TOKEN), Buffer.from("user:" + TOKEN).toString("base64"), Buffer.from(TOKEN).toString("hex")];
for (const way of ways) { console.log("out " + way); console.error("err " + way); }
process.stdout.write("x".repeat(1990) + TOKEN + "y".repeat(500) + "\\n");
process.exitCode = Number(process.argv[2]);
`;

test("whatever a command says of its secret, it comes out nowhere", async () => {
  const folder = await mkdtemp(join(tmpdir(), "command-secrecy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "talk.mjs"), talk);
  const path = join(folder, "journal.db");
  const seen: unknown[] = [];
  const talking = (name: string, run: string) =>
    command({
      name,
      stage: "provision",
      cwd: folder,
      run: [process.execPath, "talk.mjs", run],
      env: { TOKEN: secret("TOKEN") },
      idempotency: "none",
      observe: [process.execPath, "talk.mjs", "1"],
      reversibility: "undo",
      undo: [process.execPath, "talk.mjs", "0"],
      retryCodes: [75],
      attempts: 1,
    });
  const deployer = createDeployer({
    application: "shop",
    store: sqliteStore({ path }),
    secrets: { resolve: async () => ({ TOKEN: { value: canary } }) },
    plugins: [
      definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: targetInMemory([]) }) })(),
      talking("well", "0"),
      talking("unsure", "75"),
    ],
    environments: { development: { target: "fake", source: image("shop:1"), timeouts: { settle: "0s" } } },
  });
  deployer.onAny((event) => seen.push(event));
  deployer.onLog((entry) => seen.push(entry));
  const { phase, error } = await (await deployer.deploy({ environment: "development" })).result();
  expect(phase).toBe("rolled_back");
  seen.push(error, await deployer.plan({ environment: "development" }));
  await deployer.close();

  const database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all();
  const rows = tables.flatMap(({ name }) => database.prepare(`select * from ${String(name)}`).all());
  database.close();
  const journal = rows.flatMap((row) => Object.values(row).map(String)).join("\n");
  const texts = [
    { source: "journal", text: journal },
    { source: "journal file", text: await readFile(path) },
    { source: "events and log lines", text: inspect(seen, { depth: 12, maxArrayLength: null, maxStringLength: null }) },
  ];
  // A run that says nothing proves nothing.
  expect(journal).toContain("[redacted:TOKEN]");
  expect(journal).toContain("out ");
  expect(await findLeaks({ canaries: [{ name: "TOKEN", value: canary }], texts })).toEqual([]);
});
