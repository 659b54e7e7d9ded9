// What a health answer costs a server: CPU microseconds per request of `/api/health` on node:http as a ratio to a bare node:http server that sends the same bytes from a Buffer, and of the same handler in
// Express 5 as a ratio to a hand-written route that does. Every figure is a process of its own; the two of a pair run one after the other, in turns. Run after `npm run build`:
// node bench/health.mjs [pairs] [requests]
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

const pairs = Number(process.argv[2] ?? 15);
const requests = Number(process.argv[3] ?? 30_000);
const connections = 50;

/** CPU microseconds per request of a server in a process of its own. */
async function costOf(kind) {
  const server = fork(new URL("./health-server.mjs", import.meta.url), [kind], { env: { ...process.env, NODE_ENV: "production" } });
  const [{ port }] = await once(server, "message");
  await load(port, requests / 5);
  const cpu = async () => {
    server.send("cpu");
    return (await once(server, "message"))[0];
  };
  const before = await cpu();
  await load(port, requests);
  const after = await cpu();
  server.kill();
  await once(server, "exit");
  return (after - before) / requests;
}

/** Asks over and over on kept connections; every answer is a whole 200. */
async function load(port, count) {
  let left = count;
  const worker = async () => {
    const socket = connect(port, "127.0.0.1").setNoDelay();
    while (left > 0) {
      left -= 1;
      socket.write("GET /api/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
      let received = "";
      while (!isWhole(received)) received += (await once(socket, "data"))[0].toString("latin1");
      if (!received.startsWith("HTTP/1.1 200 ")) throw new Error(received);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

function isWhole(received) {
  const end = received.indexOf("\r\n\r\n");
  return end !== -1 && received.length === end + 4 + Number(/content-length: (\d+)/i.exec(received)[1]);
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

async function compare(what, base) {
  const ratios = [];
  const costs = { [what]: [], [base]: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    const cost = {};
    for (const kind of pair % 2 === 0 ? [base, what] : [what, base]) cost[kind] = await costOf(kind);
    costs[what].push(cost[what]);
    costs[base].push(cost[base]);
    ratios.push(cost[what] / cost[base]);
  }
  const [low, high] = interval(ratios);
  console.log(
    `${what.padEnd(16)} ${median(costs[what]).toFixed(1)} µs   ${base.padEnd(18)} ${median(costs[base]).toFixed(1)} µs   ` +
      `ratio ${median(ratios).toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}, ${pairs} pairs of ${requests} requests)`,
  );
}

await compare("bare again", "bare");
await compare("health", "bare");
await compare("health, hanging", "bare");
await compare("health, Express", "bare, Express");
