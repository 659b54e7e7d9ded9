const assert = require("node:assert/strict");
const { once } = require("node:events");
const { createEnv } = require("@fairlead/core/env");
const { createHealth, defineCheck, toNodeHandler } = require("@fairlead/core/health");
const express = require("express");

async function main() {
  const env = createEnv({}, { FAIRLEAD_RELEASE: "rel_1", FAIRLEAD_ENVIRONMENT: "production" });
  const health = createHealth({ release: env.release.id, checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] });
  const firstResult = new Promise((resolve) => health.onChange(resolve));
  const application = express();
  application.use(toNodeHandler(health.background()));
  application.get("/", (_request, response) => response.send("the shop"));
  const server = application.listen(0, "127.0.0.1");
  await Promise.all([once(server, "listening"), firstResult]);
  for (const path of ["/", "/api/health", "/api/health/ready", "/api/health/live"]) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`);
    const body = await response.text();
    if (path === "/api/health") {
      assert.equal(JSON.parse(body).services.database.status, "up");
      assert.equal(JSON.parse(body).release, "rel_1");
    }
    console.log(path, response.status);
  }
  await health.stop();
  server.close();
  server.closeAllConnections();
}

void main();
