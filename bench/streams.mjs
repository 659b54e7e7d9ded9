// What listeners to the events of one deployment cost: reads of the store and CPU of the process over some seconds in which nothing happens, with one listener and with many. Run after `npm run build`:
// node bench/streams.mjs [listeners] [seconds]
import { createDeployer, definePlugin, image, memoryStore } from "../packages/core/dist/index.js";
import { createHttp } from "../packages/core/dist/http.js";

const listeners = Number(process.argv[2] ?? 200);
const seconds = Number(process.argv[3] ?? 10);
const lines = 200;

let reads = 0;
let events = 0;
const kept = memoryStore();
const store = {
  ...kept,
  read: async (...parameters) => {
    const found = await kept.read(...parameters);
    reads += 1;
    events += found.length;
    return found;
  },
};
const begun = Promise.withResolvers();
const target = {
  roles: ["web"],
  description: "a target that never comes to an end",
  async prepare({ release }, { log }) {
    for (let line = 0; line < lines; line += 1) {
      log.info(`line ${line} of a build that says much`);
      if (line % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 300));
    }
    begun.resolve();
    await new Promise(() => undefined);
    return { id: release.id };
  },
  observe: async () => ({ status: "in-progress" }),
  promote: async () => undefined,
  current: async () => undefined,
  retained: async () => [],
};
const noOptions = { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } };
const plugin = definePlugin({ id: "hanging", provides: ["target"], options: noOptions, setup: () => ({ target }) });
const deployer = createDeployer({
  ...{ application: "shop", store, plugins: [plugin({})] },
  environments: { development: { target: "hanging", source: image("shop:1") } },
});
const { id } = await deployer.deploy({ environment: "development" });
await begun.promise;

const http = createHttp({ deployer, public: ["deployments.read"], rateLimit: { streams: 1_000 } });
let heard = 0;
async function listen() {
  const { body } = await http.fetch(new Request(`http://127.0.0.1/api/deploy/events/${id}`));
  for await (const piece of body) heard += piece.length;
}
let open = 0;
for (const count of [1, listeners]) {
  for (; open < count; open += 1) listen().catch(() => undefined);
  await quiet();
  [reads, events] = [0, 0];
  const cpu = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const { user, system } = process.cpuUsage(cpu);
  const per = (number) => (number / seconds).toFixed(1);
  console.log(`${count} listening: ${per(reads)} reads/s, ${per(events)} events read/s, ${per((user + system) / 1_000)} ms of CPU/s`);
}
process.exit(0);

/** Until all have heard what there is. */
async function quiet() {
  for (let before = -1; before !== heard;) {
    before = heard;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
}
