// How soon a process that is told to end says that it is not ready: from the signal to the first 503 of `/api/health/ready`, asked over and over on one kept connection, in processes that are started one
// after the other. Run after `npm run build`:
// node bench/drain.mjs [processes]
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";

const processes = Number(process.argv[2] ?? 100);

if (process.argv[2] === "serve") await serve();
else await measure();

async function serve() {
  const { createServer } = await import("node:http");
  const { createHealth, defineCheck, toNodeHandler } = await import("../packages/core/dist/health.js");
  const { createDrain } = await import("../packages/core/dist/node.js");
  const health = createHealth({ checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] }).background();
  const server = createServer(toNodeHandler(health));
  createDrain({ health, servers: [server], delay: "30s" }).onSignals();
  server.listen(0, "127.0.0.1", () => process.send(server.address().port));
}

async function measure() {
  const waits = [];
  for (let round = 0; round < processes; round += 1) waits.push(await signalToRefusal());
  waits.sort((a, b) => a - b);
  const at = (part) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))].toFixed(1);
  console.log(
    `signal to the first 503: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms (${processes} processes; goal: p99 at most 50 ms)`,
  );
}

async function signalToRefusal() {
  const child = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [port] = await once(child, "message");
  const socket = connect(port, "127.0.0.1").setNoDelay();
  const status = async () => {
    socket.write("GET /api/health/ready HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    let received = "";
    while (!isWhole(received)) received += (await once(socket, "data"))[0].toString("latin1");
    return Number(received.slice(9, 12));
  };
  while ((await status()) !== 200);
  const begun = performance.now();
  child.kill("SIGTERM");
  // The answer that says 503 is the last one on its connection: the drain asks for that.
  while ((await status()) !== 503);
  const waited = performance.now() - begun;
  socket.destroy();
  child.kill("SIGKILL");
  await once(child, "exit");
  return waited;
}

function isWhole(received) {
  const end = received.indexOf("\r\n\r\n");
  return end !== -1 && received.length === end + 4 + Number(/content-length: (\d+)/i.exec(received)[1]);
}
