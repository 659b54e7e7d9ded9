// Starts an edge and four releases behind it, and is the users: says who answers them, whenever that changes. Ctrl-C ends it all.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startEdgeEmulator } from "@fairlead/testing/emulators";
import { startSites } from "./sites.ts";

const folder = ".strategies";
const services = ["direct.web", "blue-green.web", "canary.web", "rolling.web-europe", "rolling.web-america", "rolling.web-asia"];

const sites = await startSites();
const edge = await startEdgeEmulator();
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const variables = { EDGE_URL: edge.url, EDGE_TOKEN: edge.token, SHOP_ADDRESSES: `'${JSON.stringify(sites.addresses)}'` };
await writeFile(
  `${folder}/env`,
  Object.entries(variables).map(([name, value]) => `${name}=${value}\n`),
);
console.log("The edge is up; nothing serves yet. Deploy in another terminal.\n");

const leaving = new AbortController();
process.once("SIGINT", () => {
  leaving.abort();
});
await Promise.all(services.map(watch));
await edge.stop();
await sites.stop();
await rm(folder, { recursive: true, force: true });

/** Sends a service forty requests twice a second, each of another user. */
async function watch(service: string): Promise<void> {
  const url = await edge.siteUrl(`shop.${service}`);
  let last = "";
  while (!leaving.signal.aborted) {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(url)));
    const now = [...new Set(answers)]
      .sort()
      .map((answer) => `${(100 * answers.filter((other) => other === answer).length) / answers.length} % ${answer}`)
      .join(", ");
    if (now !== last && now !== "100 % nobody") console.log(`${new Date().toISOString().slice(11, 19)}  ${service.padEnd(20)} ${now}`);
    last = now;
    await sleep(500, undefined, { signal: leaving.signal }).catch(() => undefined);
  }
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url);
  const answer = await response.text();
  return response.status === 503 ? "nobody" : response.ok ? answer : `${answer} with an error`;
}
