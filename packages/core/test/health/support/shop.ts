// A server as an application would write it: health, some work, and an end without a lost request. Says its port, and ends by itself when it has drained.
import { createServer } from "node:http";
import { createHealth, defineCheck, toNodeHandler } from "../../../src/health.js";
import { createDrain } from "../../../src/node.js";
import type { Duration } from "../../../src/time/duration.js";

const [port = "0", delay = "1s", work = "0"] = process.argv.slice(2);
const database = defineCheck({ name: "database", run: () => ({ status: "up" }) });
const health = createHealth({ checks: [database], release: `rel_${String(process.pid)}` }).background();
const answerHealth = toNodeHandler(health);
const server = createServer((request, response) => {
  answerHealth(request, response, () => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => setTimeout(() => response.end(`${request.method ?? ""} ${Buffer.concat(chunks).toString()}`), Number(work)));
  });
});
createDrain({ health, servers: [server], delay: delay as Duration, close: () => console.log("closed") }).onSignals();
server.listen(Number(port), "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
