// A server as an application would write it: health, some work, and an end without a lost request. Says its port, and ends by itself when it has drained.
// `shop.ts [port] [delay] [work]`: `work` is the most that a request takes, in milliseconds. Who has forked it may end the delay with a message.
import { createServer } from "node:http";
import { createHealth, defineCheck, toNodeHandler } from "../../../src/health.js";
import { createDrain } from "../../../src/node.js";
import { systemClock, type Clock } from "../../../src/time/clock.js";
import type { Duration } from "../../../src/time/duration.js";

const [port = "0", delay = "1s", work = "0"] = process.argv.slice(2);
const database = defineCheck({ name: "database", run: () => ({ status: "up" }) });
const health = createHealth({ checks: [database], release: `rel_${String(process.pid)}` }).background();
const answerHealth = toNodeHandler(health);
const server = createServer((request, response) => {
  answerHealth(request, response, () => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = () => response.end(`${request.method ?? ""} ${Buffer.concat(chunks).toString()}`);
      setTimeout(answer, Math.random() * Number(work));
    });
  });
});
// Longer than a balancer keeps a connection that nobody uses: it must not be the server that closes it first.
server.keepAliveTimeout = 60_000;

const isTold = new AbortController();
process.once("message", () => isTold.abort());
process.channel?.unref();
let isFirst = true;
/** Its first sleep, which is the delay, also ends when told to. */
const clock: Clock = {
  now: () => systemClock.now(),
  async sleep(milliseconds, options) {
    if (!isFirst) return systemClock.sleep(milliseconds, options);
    isFirst = false;
    return systemClock.sleep(milliseconds, { signal: isTold.signal }).catch(() => undefined);
  },
};

createDrain({ health, servers: [server], delay: delay as Duration, clock, close: () => console.log("closed") }).onSignals();
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
