// What a health answer costs a server: CPU microseconds per request of `/api/health`, as the ratio to a bare node:http server that sends the same bytes from a Buffer, to a hand-written route of
// Express 5 and of Fastify that do, and to what others answer health with; and the p99 that clients see while one check hangs for ever, as the ratio to none that does. Every figure is a process of
// its own; the two of a pair run one after the other, in turns. Run after `npm run build`:
// node bench/health.mjs [pairs] [requests] [only those whose names hold this]
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

const pairs = Number(process.argv[2] ?? 15);
const requests = Number(process.argv[3] ?? 30_000);
const only = process.argv[4] ?? "";
const connections = 50;

/** A server in a process of its own under load: CPU microseconds per request, and the p99 of what clients wait, in microseconds. */
async function measure(kind) {
  const server = fork(new URL("./health-server.mjs", import.meta.url), [kind], { env: { ...process.env, NODE_ENV: "production" } });
  const [{ port, path }] = await once(server, "message");
  await load(port, path, requests / 5);
  const cpu = async () => {
    server.send("cpu");
    return (await once(server, "message"))[0];
  };
  const before = await cpu();
  const waits = await load(port, path, requests);
  const after = await cpu();
  server.kill("SIGKILL");
  await once(server, "exit");
  return { cost: (after - before) / requests, p99: sorted(waits)[Math.floor(waits.length * 0.99)] };
}

/** Asks over and over on kept connections; every answer is a whole 200. Answers how long each took. */
async function load(port, path, count) {
  let left = count;
  const waits = [];
  const worker = async () => {
    const socket = connect(port, "127.0.0.1").setNoDelay();
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
      let received = "";
      while (!isWhole(received)) received += (await once(socket, "data"))[0].toString("latin1");
      waits.push((performance.now() - begun) * 1_000);
      if (!received.startsWith("HTTP/1.1 200 ")) throw new Error(received);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return waits;
}

function isWhole(received) {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  return length === undefined ? received.endsWith("0\r\n\r\n") : received.length === end + 4 + Number(length);
}

const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];

/** The two order statistics between which the median lies with 95 % confidence (sign test). */
function interval(values) {
  const count = values.length;
  let outside = 2 * 0.5 ** count;
  let term = 0.5 ** count;
  let rank = 0;
  while (rank < count / 2 - 1) {
    term *= (count - rank) / (rank + 1);
    if (outside + 2 * term > 0.05) break;
    outside += 2 * term;
    rank += 1;
  }
  return [sorted(values)[rank], sorted(values)[count - 1 - rank]];
}

async function compare(what, base, measured = "cost") {
  if (!`${what} / ${base} / ${measured}`.includes(only)) return;
  const ratios = [];
  const figures = { [what]: [], [base]: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    const figure = {};
    for (const kind of pair % 2 === 0 ? [base, what] : [what, base]) figure[kind] = (await measure(kind))[measured];
    figures[what].push(figure[what]);
    figures[base].push(figure[base]);
    ratios.push(figure[what] / figure[base]);
  }
  const [low, high] = interval(ratios);
  const shown = measured === "cost" ? "CPU" : "p99";
  console.log(
    `${shown}  ${what.padEnd(20)} ${median(figures[what]).toFixed(1).padStart(7)} µs   ${base.padEnd(16)} ${median(figures[base]).toFixed(1).padStart(7)} µs   ` +
      `ratio ${median(ratios).toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}, ${pairs} pairs of ${requests} requests)`,
  );
}

await compare("bare again", "bare");
await compare("health", "bare");
await compare("createHttp", "bare");
await compare("health, hanging", "bare");
await compare("health, Express", "bare, Express");
await compare("createHttp, Express", "bare, Express");
for (const other of ["Fastify", "terminus", "lightship", "under-pressure", "Nest terminus"]) await compare("health", other);
await compare("health, hanging", "health", "p99");
