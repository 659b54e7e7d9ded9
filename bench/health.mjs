// What a health answer costs a server: CPU microseconds per request of `/api/health`, as the ratio to a bare node:http server that sends the same bytes from a Buffer, to a hand-written route of
// Express 5 and of Fastify that do, and to what others answer health with; and the p99 that clients see while one check hangs for ever, as the ratio to none that does. A pair is two fresh processes
// that are asked in turns, a slice of requests each, so that whatever else the machine does falls on both; where `taskset` is there they have a core, and who asks has another. The ratio of a pair is the
// median of those of its slices: one in which the machine did something else, or somebody collected garbage, does not count. Six minutes on two quiet cores.
// Run after `npm run build`: node bench/health.mjs [pairs] [requests of each process] [only those whose names hold this]
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { availableParallelism } from "node:os";

const pairs = Number(process.argv[2] ?? 15);
const requests = Number(process.argv[3] ?? 12_000);
const only = process.argv[4] ?? "";
const connections = 50;
const slices = 24;
/** Asked of each process before anything is measured: by then it is compiled. */
const warmUp = 5_000;
/** What others do differs by far more than chance. */
const share = 0.5;
/** What is compared with what, and the most that is wanted. */
const comparisons = [
  ["bare again", "bare", "cost"],
  ["health", "bare", "cost", 1.1],
  ["createHttp", "bare", "cost", 1.1],
  ["health, hanging", "bare", "cost", 1.1],
  ["health, Express", "bare, Express", "cost", 1],
  ["createHttp, Express", "bare, Express", "cost", 1],
  ...["Fastify", "terminus", "lightship", "under-pressure", "Nest terminus"].map((other) => ["health", other, "cost", 1, share]),
  ["health, hanging", "health", "p99", 1.25],
];

const isPinned = availableParallelism() > 1 && pin(process.pid, 0);
console.log(isPinned ? "servers on a core of their own, who asks on another" : "without cores of their own: no taskset here, or one core");
for (const comparison of comparisons) await compare(...comparison);

async function compare(what, base, measured, goal, part = 1) {
  if (!`${what} / ${base} / ${measured}`.includes(only)) return;
  const each = Math.ceil(requests * part);
  const [ratios, figures] = [[], { [what]: [], [base]: [] }];
  for (let pair = 0; pair < pairs; pair += 1) {
    const kinds = pair % 2 === 0 ? [base, what] : [what, base];
    const measures = await measurePair(kinds, each);
    for (const kind of kinds) figures[kind].push(measures[kind][measured]);
    ratios.push(measured === "cost" ? ratioOfCosts(measures[what], measures[base]) : measures[what][measured] / measures[base][measured]);
  }
  const [low, high] = interval(ratios);
  const shown = measured === "cost" ? "CPU" : "p99";
  console.log(
    `${shown}  ${what.padEnd(20)} ${median(figures[what]).toFixed(1).padStart(7)} µs   ${base.padEnd(16)} ${median(figures[base]).toFixed(1).padStart(7)} µs   ` +
      `ratio ${median(ratios).toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}, ${pairs} pairs of ${each} requests${goal === undefined ? "" : `; goal: ${goal.toFixed(2)}`})`,
  );
}

/** Two servers in processes of their own, both warm, under load in turns: CPU microseconds per request, and the p99 of what clients wait, in microseconds. */
async function measurePair(kinds, each) {
  const servers = await Promise.all(kinds.map(start));
  for (const server of servers) await server.load(warmUp);
  const turns = Array.from({ length: slices }, (_, turn) => (turn % 2 === 0 ? servers : [...servers].reverse())).flat();
  for (const server of turns) await server.measure(Math.ceil(each / slices));
  for (const server of servers) await server.end();
  return Object.fromEntries(servers.map((server, index) => [kinds[index], server.figures()]));
}

/** Of slices that were measured one right after the other. */
function ratioOfCosts({ costs }, base) {
  return median(costs.map((cost, slice) => cost / base.costs[slice]));
}

async function start(kind) {
  const child = fork(new URL("./health-server.mjs", import.meta.url), [kind], { env: { ...process.env, NODE_ENV: "production" } });
  const [{ port, path }] = await once(child, "message");
  if (isPinned) pin(child.pid, 1);
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port, path)));
  const [waits, costs] = [[], []];
  const cpu = async () => {
    child.send("cpu");
    return (await once(child, "message"))[0];
  };
  return {
    load: (count) => ask(sockets, count, []),
    async measure(count) {
      const before = await cpu();
      await ask(sockets, count, waits);
      costs.push(((await cpu()) - before) / count);
    },
    figures: () => ({ costs, cost: median(costs), p99: sorted(waits)[Math.floor(waits.length * 0.99)] }),
    async end() {
      for (const { socket } of sockets) socket.destroy();
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function open(port, path) {
  const socket = connect(port, "127.0.0.1").setNoDelay();
  await once(socket, "connect");
  return { socket, request: Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`) };
}

/** Asks over and over on kept connections; every answer is a whole 200. Adds how long each took, in microseconds. */
async function ask(sockets, count, waits) {
  let left = Math.ceil(count);
  await Promise.all(
    sockets.map(
      ({ socket, request }) =>
        new Promise((resolve, reject) => {
          let [received, begun] = ["", 0];
          const next = () => {
            if (left === 0) {
              socket.off("data", take);
              resolve();
              return;
            }
            left -= 1;
            received = "";
            begun = performance.now();
            socket.write(request);
          };
          const take = (bytes) => {
            received += bytes.latin1Slice();
            if (!isWhole(received)) return;
            waits.push((performance.now() - begun) * 1_000);
            if (received.startsWith("HTTP/1.1 200 ")) next();
            else reject(new Error(received));
          };
          socket.on("data", take);
          next();
        }),
    ),
  );
}

function isWhole(received) {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const length = /content-length: (\d+)/i.exec(received)?.[1];
  return length === undefined ? received.endsWith("0\r\n\r\n") : received.length === end + 4 + Number(length);
}

/** Gives all threads of a process one core. Whether that could be done. */
function pin(pid, core) {
  try {
    execFileSync("taskset", ["-apc", String(core), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function sorted(values) {
  return [...values].sort((a, b) => a - b);
}

function median(values) {
  return sorted(values)[Math.floor(values.length / 2)];
}

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
