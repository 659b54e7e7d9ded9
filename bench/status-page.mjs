// What the pages weigh and how long a browser takes until they are loaded, over loopback, a context of its own each time: the status page with 50 components, 90 days of history, an outage and a
// maintenance; the page of deployments, and that of one of them, with 200 deployments of 10 steps. Goals: 60 kB compressed and 500 ms. Run after `npm run build` where Debian's Chromium is installed:
// node bench/status-page.mjs [times]
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { createDeployer, image, memoryStore } from "../packages/core/dist/index.js";
import { bearerTokens, createHttp } from "../packages/core/dist/http.js";
import { createStatus } from "../packages/core/dist/status.js";
import { nothing, stepsEach } from "./nothing.mjs";

const times = Number(process.argv[2] ?? 15);
const deployments = 200;
const day = 86_400_000;
const names = Array.from({ length: 50 }, (_, index) => `service-${index + 1}`);

const store = { ...memoryStore(), shared: true };
await writeDays();
const checks = names.map((name, index) => ({
  name,
  status: index === 1 ? "down" : "up",
  known: true,
  critical: true,
  latency: 20 + index,
}));
const status = createStatus({
  application: "shop",
  environment: "production",
  store,
  incidents: { openAfter: "0s" },
  page: { name: "Example Shop", url: "https://status.shop.example" },
  components: names.map((name, index) => ({ name, title: `Service ${index + 1}`, group: `Group ${index % 5}` })),
  health: { snapshot: () => ({ checks }) },
});
const from = new Date(Date.now() + day).toISOString();
await status.scheduleMaintenance({ title: "Move", body: "We move.", components: ["service-3"], from, until: from });
await status.tick();
const deployer = createDeployer({
  application: "shop",
  store,
  plugins: [nothing()],
  environments: { production: { target: "nothing", verify: { successes: 1 } } },
});
const newest = await deployAll();

const token = "on-loopback-only-0123456789";
const authorization = `Bearer ${token}`;
const server = createServer(createHttp({ status, deployer, authenticate: bearerTokens([{ id: "ada", token }]), rateLimit: false }).node);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
await measure("status", "/status");
await measure(`${deployments} deployments of ${stepsEach} steps`, "/deployments");
await measure("one of them", `/deployments/${newest}`);
await browser.close();
server.closeAllConnections();
server.close();
await deployer.close();

async function measure(what, path) {
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const page = await (await fetch(url, { headers: { authorization } })).text();
  const loads = [];
  for (let index = 0; index < times; index += 1) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, extraHTTPHeaders: { authorization } });
    const tab = await context.newPage();
    const answer = await tab.goto(url, { waitUntil: "load" });
    if (answer.status() !== 200) throw new Error(`${path}: ${answer.status()}`);
    loads.push(await tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"));
    await context.close();
  }
  loads.sort((one, other) => one - other);
  console.log(`${what}: ${Buffer.byteLength(page)} bytes, ${gzipSync(page).length} compressed (goal: 60,000)`);
  console.log(
    `  load: median ${loads[Math.floor(times / 2)].toFixed(0)} ms, fastest ${loads[0].toFixed(0)} ms, slowest ${loads.at(-1).toFixed(0)} ms, of ${times} (goal: 500)`,
  );
}

/** As they really are, one after the other. Answers the id of the newest. */
async function deployAll() {
  let id = "";
  for (let count = 1; count <= deployments; count += 1) {
    const provenance = { commit: count.toString(16).padStart(40, "0"), branch: "main", message: `Change number ${count} of the shop` };
    const deployment = await deployer.deploy({ environment: "production", source: image(`shop:${count}`), provenance });
    const { phase } = await deployment.result();
    if (phase !== "succeeded") throw new Error(`a deployment ${phase}`);
    id = deployment.id;
  }
  return id;
}

async function writeDays() {
  const today = Math.floor(Date.now() / day) * day;
  for (let back = 90; back >= 1; back -= 1) {
    const date = new Date(today - back * day).toISOString().slice(0, 10);
    const timesOf = (index) =>
      (back * 31 + index * 17) % 23 === 3 ? { major_outage: 600_000, operational: day - 600_000 } : { operational: day };
    const summary = {
      day: date,
      until: Date.parse(date) + day - 1,
      times: Object.fromEntries(names.map((name, index) => [name, timesOf(index)])),
      hours: Object.fromEntries(
        names.map((name, index) => [
          name,
          Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, [6, 6 * (20 + ((hour * 37 + index) % 90))]])),
        ]),
      ),
    };
    const events = [{ type: "day.begun", at: `${date}T00:00:00.000Z`, data: { day: date }, hash: "sha256:0" }];
    await store.commit({ streams: [{ name: `status-day/shop/production/${date}`, expectedVersion: 0, events, summary }] });
  }
}
