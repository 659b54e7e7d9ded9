import { proves, sourceFlags } from "@fairlead/test-support";
import { findLeaks } from "@fairlead/testing";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
/** With characters that encodings differ in. */
const canary = 'Zk3/qT9+w="7%é-Vb2mXr8pLd';
const files = ["events", "log lines", "messages", "thrown errors", "spans and metrics"];

/** Lets a plugin talk that says its token wherever it can, and answers where the token came out. `cut` is taken out of the package first. */
async function sinksThatLeak(cut?: { readonly file: string; readonly from: string; readonly to: string }): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "canary-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const preload = cut === undefined ? [] : [`--import=${new URL("../support/cut-source.ts", import.meta.url).href}`];
  const script = fileURLToPath(new URL("support/run-talkative.ts", import.meta.url));
  const { stdout, stderr } = await run(process.execPath, [...sourceFlags, ...preload, script, folder], {
    env: { ...process.env, NO_COLOR: "1", TOKEN: canary, ...(cut === undefined ? {} : { CUT: JSON.stringify(cut) }) },
    maxBuffer: 1 << 26,
  });

  const texts: { readonly source: string; readonly text: string | Uint8Array }[] = [
    { source: "stdout", text: stdout },
    { source: "stderr", text: stderr },
    { source: "journal", text: rowsOf(join(folder, "journal.db")) },
    { source: "journal", text: await readFile(join(folder, "journal.db")) },
  ];
  for (const name of files) texts.push({ source: name, text: await readFile(join(folder, name), "utf8") });
  // A run that says nothing proves nothing.
  for (const { source, text } of texts) expect(text.length, source).toBeGreaterThan(200);
  const leaks = await findLeaks({ canaries: [{ name: "TOKEN", value: canary }], texts });
  return [...new Set(leaks.map(({ source }) => source))].sort();
}

function rowsOf(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all();
  const rows = tables.map(({ name }) => database.prepare(`select * from ${String(name)}`).all());
  database.close();
  return rows
    .flat()
    .flatMap((row) => Object.values(row).map(String))
    .join("\n");
}

test("whatever a provider says of its secret, it comes out nowhere", async (context) => {
  proves(context, "end to end", "I20");
  expect(await sinksThatLeak()).toEqual([]);
});

/** Every place where something is masked on its way out, and where its absence is seen. Spans and metrics carry names and codes alone: there is nothing to take out. */
const cuts = [
  {
    what: "events",
    file: "engine/deployment-writer.ts",
    from: "redactor.value(draft)",
    to: "draft",
    sinks: ["events", "journal", "messages", "stdout"],
  },
  {
    what: "lines of steps",
    file: "engine/log-writer.ts",
    from: "redactor.text(message)",
    to: "message",
    sinks: ["journal", "log lines", "stdout"],
  },
  {
    what: "fields of these lines",
    file: "engine/log-writer.ts",
    from: "redactor.value(fields)",
    to: "fields",
    sinks: ["journal", "log lines"],
  },
  {
    what: "lines of plugins",
    file: "deployer/listeners.ts",
    from: "redactor.value({ level, step: null, message, fields })",
    to: "{ level, step: null, message, fields }",
    sinks: ["log lines"],
  },
  {
    what: "errors of channels",
    file: "engine/outbox-worker.ts",
    from: "redactor.value({ code: error.code, message: error.message, hint: error.hint })",
    to: "{ code: error.code, message: error.message, hint: error.hint }",
    sinks: ["journal"],
  },
  {
    what: "answers to questions",
    file: "deployer/create-deployer.ts",
    from: "redactor.value(await method(...parameters))",
    to: "await method(...parameters)",
    sinks: ["stdout"],
  },
  {
    what: "what is thrown",
    file: "deployer/create-deployer.ts",
    from: "maskedError(redactor, error)",
    to: "error",
    sinks: ["stderr", "thrown errors"],
  },
] as const;

test.for(cuts)("without the masking of $what it does", async ({ file, from, to, sinks }) => {
  expect(await sinksThatLeak({ file, from, to })).toEqual(expect.arrayContaining([...sinks]));
});
