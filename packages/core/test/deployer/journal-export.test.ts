import { expect, test } from "vitest";
import { memoryStore, verifyExport, type Store } from "../../src/index.js";
import { createScene } from "./scene.js";

async function deployed() {
  const store = memoryStore();
  const scene = createScene({ store });
  for (const content of ["one", "two"])
    await (await scene.deployer.deploy({ environment: "development", source: await scene.source(content) })).result();
  const lines: string[] = [];
  for await (const line of await scene.deployer.exportJournal({ environment: "development" })) lines.push(line);
  return { ...scene, store, lines };
}

/** A store in which an event reads otherwise than it was written. */
function changed(store: Store, type: string): Store {
  return {
    ...store,
    read: async (stream, options) =>
      (await store.read(stream, options)).map((event) =>
        event.type === type ? { ...event, data: { ...event.data, changed: true } } : event,
      ),
  };
}

test("an export holds everything, and is verified by itself", async () => {
  const { lines, store, deployer } = await deployed();
  const report = await verifyExport(lines);
  expect(report.problems).toEqual([]);
  const { items } = await store.list({ prefix: "", limit: 1000 });
  const expected = items.filter(({ name }) => !name.startsWith("key/"));
  expect(report).toMatchObject({ streams: expected.length, events: expected.reduce((sum, { version }) => sum + version, 0) });
  expect(lines.some((line) => line.includes("deployment.succeeded"))).toBe(true);
  await deployer.close();
});

test("whatever is changed, moved, doubled or left out of an export is told", async () => {
  const { lines, deployer } = await deployed();
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const without = lines.toSpliced(index, 1);
    const twice = lines.toSpliced(index, 0, line);
    const cut = lines.slice(0, index);
    for (const tampered of [without, twice, cut]) expect((await verifyExport(tampered)).problems, `line ${String(index)}`).not.toEqual([]);
    const { data } = JSON.parse(line) as { data?: object };
    if (data === undefined) continue;
    const other = lines.with(index, JSON.stringify({ ...JSON.parse(line), data: { ...data, changed: true } }));
    expect((await verifyExport(other)).problems).toHaveLength(1);
  }
  await expect(verifyExport(lines.slice(1))).rejects.toMatchObject({ code: "JOURNAL_EXPORT_UNREADABLE", data: { line: 1 } });
  await expect(verifyExport([])).rejects.toMatchObject({ code: "JOURNAL_EXPORT_UNREADABLE" });
  await expect(verifyExport([...lines.slice(0, 3), "{"])).rejects.toMatchObject({ data: { line: 4 } });
  await deployer.close();
});

test("a journal that was changed in the store is told, and not exported", async () => {
  const { store, deployer } = await deployed();
  expect((await deployer.verifyJournal()).problems).toEqual([]);
  const { deployer: other } = createScene({ store: changed(store, "step.succeeded") });
  const { problems } = await other.verifyJournal({ environment: "development" });
  expect(problems.map(({ stream }) => stream.split("/")[0])).toEqual(["deployment", "deployment"]);
  const exporting = (async () => {
    for await (const line of await other.exportJournal()) expect(line).not.toContain('"changed":true');
  })();
  await expect(exporting).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  await other.close();
});

test("what is listed is held against what the events say", async () => {
  const { store } = await deployed();
  const { deployer } = createScene({
    store: {
      ...store,
      list: async (query) => {
        const page = await store.list(query);
        return { ...page, items: page.items.map((item) => ({ ...item, summary: { ...item.summary, phase: "running", serving: null } })) };
      },
    },
  });
  const { problems } = await deployer.verifyJournal();
  expect(problems).toHaveLength(3);
  await deployer.close();
});
