// Health on demand as on a serverless host: three instances that share a PostgreSQL database and are stopped (SIGSTOP) between requests, while one dependency hangs for ever and another one begins to. Prints how long
// answers took, how many were green although nothing was known any more, and how often each dependency was asked in `maxAge` by all instances together. The instances are plain Node, or the example of
// SvelteKit, which is built first. Run after `npm run build`:
// node bench/on-demand.mjs [seconds] [sveltekit]
import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const maxAge = 1_000;
const timeout = 500;

const names = ["database", "hanging", "search"];
const example = fileURLToPath(new URL("../examples/sveltekit", import.meta.url));

if (process.argv[2] === "serve") await serve(process.argv[3], process.argv[4]);
else await measure(Number(process.argv[2] ?? 30), process.argv[3] === "sveltekit" ? await svelteKit() : plain);

/** Starts an instance in plain Node. */
async function plain(dependency, url) {
  const child = fork(fileURLToPath(import.meta.url), ["serve", dependency, url]);
  const [port] = await once(child, "message");
  return { child, port };
}

/** Builds the example, and answers how an instance of it is started. */
async function svelteKit() {
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "error"], {
    cwd: example,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return async (dependency, url) => {
    const services = names.map((name) => `${name}=${dependency}/${name}`).join(",");
    const env = { ...process.env, NODE_ENV: "production", PORT: "0", ON_DEMAND: `${maxAge}ms`, DATABASE_URL: url, SERVICES: services };
    const child = spawn(process.execPath, ["server.js"], { cwd: example, env, stdio: ["ignore", "pipe", "inherit"] });
    process.once("exit", () => child.kill("SIGKILL"));
    let said = "";
    while (!/port: \d+/.test(said)) said += (await once(child.stdout, "data"))[0];
    return { child, port: Number(/port: (\d+)/.exec(said)[1]) };
  };
}

async function serve(dependency, url) {
  const { createHealthMemory, Secret } = await import("../packages/core/dist/index.js");
  const { postgresStore } = await import("../packages/plugin-postgres/dist/store.js");
  const { createHealth, httpCheck, toNodeHandler } = await import("../packages/core/dist/health.js");
  const checks = names.map((name) =>
    httpCheck({ name, url: `${dependency}/${name}`, timeout: `${timeout}ms`, critical: name === "database" }),
  );
  const memory = createHealthMemory(postgresStore({ url: new Secret("BENCH_DATABASE_URL", url) }), {
    application: "shop",
    environment: "production",
  });
  const health = createHealth({ checks, failureThreshold: 1, successThreshold: 1 }).onDemand({ maxAge: `${maxAge}ms`, memory });
  const server = createServer(toNodeHandler(health)).listen(0, "127.0.0.1", () => process.send(server.address().port));
  process.on("disconnect", () => process.exit());
}

async function measure(seconds, start) {
  const asked = { database: [], hanging: [], search: [] };
  let hangsSince = Infinity;
  const dependency = createServer(({ url }, response) => {
    const name = url.slice(1);
    asked[name].push(performance.now());
    if (name === "search" || (name === "database" && hangsSince === Infinity)) response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(dependency, "listening");
  const { openStorage } = await import("./storage.mjs");
  const storage = await openStorage("postgres");
  const url = await storage.createDatabase();
  const origin = `http://127.0.0.1:${dependency.address().port}`;
  const instances = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const instance = await start(origin, url);
      instance.child.kill("SIGSTOP");
      return instance;
    }),
  );

  const waits = [];
  const firsts = new Map();
  let [green, known, staleGreen] = [0, 0, 0];
  const begun = performance.now();
  while (performance.now() - begun < seconds * 1_000) {
    if (hangsSince === Infinity && performance.now() - begun > seconds * 500) hangsSince = performance.now();
    const { child, port } = instances[Math.floor(Math.random() * instances.length)];
    child.kill("SIGCONT");
    // Now and then several ask at once.
    const answers = await Promise.all(Array.from({ length: Math.random() < 0.2 ? 20 : 1 }, () => ask(port)));
    if (Math.random() < 0.7) child.kill("SIGSTOP");
    firsts.set(port, firsts.get(port) ?? answers[0].wait);
    for (const { wait, body } of answers) {
      waits.push(wait);
      const { database, hanging, search } = body.services;
      if (hanging.status === "up") staleGreen += 1;
      if (database.status === "up") green += 1;
      if (search.status === "up") known += 1;
      if (database.status === "up" && performance.now() - hangsSince > maxAge + timeout + wait) staleGreen += 1;
    }
    // From a burst of requests to a pause that is longer than what is known lasts.
    await pause(Math.random() ** 4 * 3 * maxAge);
  }
  for (const { child } of instances) child.kill("SIGKILL");
  dependency.closeAllConnections();
  dependency.close();
  await storage.close();

  waits.sort((a, b) => a - b);
  const at = (part) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))].toFixed(1);
  console.log(`answers: ${waits.length}, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms (goal: every one less than 100 ms)`);
  console.log(`the first answer of each instance: ${[...firsts.values()].map((wait) => `${wait.toFixed(1)} ms`).join(", ")}`);
  console.log(`database up in ${green}, search up in ${known}; green although nothing was known: ${staleGreen} (goal: 0)`);
  for (const [name, moments] of Object.entries(asked)) {
    const most = Math.max(0, ...moments.map((moment) => moments.filter((other) => other >= moment && other < moment + maxAge - 1).length));
    console.log(`${name} was asked ${moments.length} times, at most ${most} in ${maxAge} ms (goal: 1)`);
  }
}

async function ask(port) {
  const begun = performance.now();
  const sent = request({ host: "127.0.0.1", port, path: "/api/health", agent: false }).end();
  const [response] = await once(sent, "response");
  const body = JSON.parse(await text(response));
  return { wait: performance.now() - begun, body };
}
