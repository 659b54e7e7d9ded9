// The shop's health endpoints: `npm run health`, or `npm run start -- --serve`.
import { createHealth, toNodeHandler } from "@fairlead/core/health";
import { createServer } from "node:http";
import { checkout, database } from "./checks.ts";

const health = createHealth({ checks: [database, checkout] }).background();

const server = createServer(toNodeHandler(health));
server.listen(Number(process.env["PORT"] ?? 0), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}/api/health`);
});

process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  void health.stop();
});
