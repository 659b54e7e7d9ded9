// One server of bench/health.mjs: says its port, and its CPU time when asked.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { createHealth, defineCheck, toNodeHandler } from "../packages/core/dist/health.js";

const kind = process.argv[2] ?? "";
const up = (name) => defineCheck({ name, run: () => ({ status: "up" }) });
const checks = ["database", "queue", "search", "payments"].map(up);
if (kind.includes("hanging")) {
  checks.push(
    defineCheck({ name: "hanging", critical: false, timeout: "100ms", interval: "100ms", run: () => new Promise(() => undefined) }),
  );
}
const health = createHealth({ checks, release: "rel_01JD8Q6V5K7M2N4P6R8T0V2X4Z" }).background();
await new Promise((resolve) => setTimeout(resolve, 50));

const body = Buffer.from(
  JSON.stringify({
    status: health.snapshot().status,
    timestamp: health.snapshot().timestamp,
    release: health.snapshot().release,
    services: Object.fromEntries(
      health.snapshot().checks.map(({ name, status, latency, lastCheck }) => [name, { status, latency, lastCheck }]),
    ),
  }),
);
const headers = { "content-type": "application/json; charset=utf-8", "content-length": String(body.length), "cache-control": "no-cache" };
const bare = (request, response) => {
  response.writeHead(200, headers);
  response.end(body);
};

function listener() {
  if (!kind.includes("Express")) return kind.startsWith("bare") ? bare : toNodeHandler(health);
  const express = createRequire(new URL("../packages/core/package.json", import.meta.url))("express");
  return kind.startsWith("bare") ? express().get("/api/health", bare) : express().use(toNodeHandler(health));
}

const server = createServer(listener()).listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
process.on("disconnect", () => process.exit());
