import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { memoryStore, type Store } from "../../src/index.js";
import { emptyHead, sealEvents, type Head } from "../../src/journal/index.js";
import { createTestClock } from "../cli/test-clock.js";
import { scenarios, type Scenario } from "./scenarios.js";
import { createStage, type Entry, type History } from "./stage.js";

/** Runs a scenario on a clock of its own and keeps everything that was written. */
async function record({ about, rules, run }: Scenario): Promise<History> {
  const clock = createTestClock();
  const inner = memoryStore({ clock });
  const entries: Entry[] = [];
  const store: Store = {
    ...inner,
    singleMachine: true,
    commit: async (commit) => {
      const answer = await inner.commit(commit);
      if (!commit.streams.every(({ name }) => name.startsWith("log/"))) entries.push({ now: clock.now(), commit });
      return answer;
    },
  };
  const stage = createStage(rules, { store, clock, onEntry: (entry) => entries.push(entry) });
  const deployments = await run(stage, clock);
  const ends = await Promise.all(deployments.map(async (one) => [one.id, (await one.state()).phase] as const));
  return { about, rules, ends: Object.fromEntries(ends), entries: withoutMachine(entries) };
}

const holder = { name: "recorder", host: "recorder", pid: 1, boot: null, started: null };

/** The same without the machine that it was recorded on, sealed anew. */
function withoutMachine(entries: readonly Entry[]): readonly Entry[] {
  const heads = new Map<string, Head>();
  return entries.map((entry) => {
    if (!("commit" in entry)) return entry;
    const streams = entry.commit.streams.map((write) => {
      const events = write.events.map((event) => ("holder" in event.data ? { ...event, data: { ...event.data, holder } } : event));
      const sealed = sealEvents(write.name, heads.get(write.name) ?? emptyHead, events);
      heads.set(write.name, sealed.head);
      return { ...write, events: sealed.events };
    });
    return { ...entry, commit: { ...entry.commit, streams } };
  });
}

/** Records what is missing in the folder of a version. What is there stays as it is: that is what it is for. */
const version = process.argv[2];
if (version === undefined || !/^[\w.-]+$/.test(version)) throw new Error("usage: node scripts/record-histories.mjs <version>, e.g. 1.2");
const folder = join(import.meta.dirname, version);
await mkdir(folder, { recursive: true });
for (const scenario of scenarios) {
  const file = join(folder, `${scenario.name}.json`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeFile(file, `${JSON.stringify(await record(scenario), null, 2)}\n`, { flag: "wx" });
  console.log(`${isThere ? "kept" : "recorded"} ${version}/${scenario.name}.json`);
}
process.exit(0);
