// One server of bench/health.mjs: says its port, and its CPU time when asked. `kind` is what answers, and how.
import { createServer } from "node:http";
import { createHealth, defineCheck, toNodeHandler, toRespond } from "../packages/core/dist/health.js";
import { createHttp } from "../packages/core/dist/http.js";

const kind = process.argv[2] ?? "";
const up = () => ({ status: "up" });
const names = ["database", "queue", "search", "payments"];
const checks = names.map((name) => defineCheck({ name, run: up }));
if (kind.includes("hanging")) {
  checks.push(
    defineCheck({ name: "hanging", critical: false, timeout: "100ms", interval: "100ms", run: () => new Promise(() => undefined) }),
  );
}
const health = createHealth({ checks, release: "rel_01JD8Q6V5K7M2N4P6R8T0V2X4Z" }).background();
await new Promise((resolve) => setTimeout(resolve, 50));

// What Fairlead answers, byte for byte: only how it comes about differs.
const { headers, body } = toRespond(health)({ method: "GET", path: "/api/health" });
const bytes = Buffer.from(body);
const bare = (_, response) => {
  response.writeHead(200, headers);
  response.end(bytes);
};

/** The others have the same four checks, which cost nothing. */
const started = {
  bare: () => createServer(bare),
  health: () => createServer(toNodeHandler(health)),
  createHttp: () => createServer(createHttp({ health }).node),
  async "bare, Express"() {
    const { default: express } = await import("express");
    return createServer(express().get("/api/health", bare));
  },
  async "health, Express"() {
    const { default: express } = await import("express");
    return createServer(express().use(toNodeHandler(health)));
  },
  async "createHttp, Express"() {
    const { default: express } = await import("express");
    return createServer(express().use(createHttp({ health }).node));
  },
  async Fastify() {
    const { default: fastify } = await import("fastify");
    return fastify().get("/api/health", (_, reply) => reply.headers(headers).send(bytes));
  },
  async terminus() {
    const { createTerminus } = await import("@godaddy/terminus");
    const server = createServer((_, response) => response.writeHead(404).end());
    const check = async () => Object.fromEntries(names.map((name) => [name, up()]));
    return createTerminus(server, { healthChecks: { "/api/health": check }, useExit0: false });
  },
  async lightship() {
    const { createLightship } = await import("lightship");
    const lightship = await createLightship({ detectKubernetes: false, port: 0 });
    lightship.signalReady();
    return lightship.server;
  },
  async "under-pressure"() {
    const { default: fastify } = await import("fastify");
    const { default: underPressure } = await import("@fastify/under-pressure");
    const healthCheck = async () => Object.fromEntries(names.map((name) => [name, up()]));
    const exposeStatusRoute = {
      url: "/api/health",
      routeResponseSchemaOpts: Object.fromEntries(names.map((name) => [name, { type: "object", additionalProperties: true }])),
    };
    return fastify().register(underPressure, { healthCheck, exposeStatusRoute });
  },
  async "Nest terminus"() {
    await import("reflect-metadata");
    const { Controller, Get, Module, Dependencies } = await import("@nestjs/common");
    const { NestFactory } = await import("@nestjs/core");
    const { HealthCheckService, TerminusModule } = await import("@nestjs/terminus");
    class HealthController {
      constructor(service) {
        this.service = service;
      }
      check() {
        return this.service.check(names.map((name) => () => ({ [name]: up() })));
      }
    }
    Dependencies(HealthCheckService)(HealthController);
    Controller("api/health")(HealthController);
    Get()(HealthController.prototype, "check", Object.getOwnPropertyDescriptor(HealthController.prototype, "check"));
    class AppModule {}
    Module({ imports: [TerminusModule], controllers: [HealthController] })(AppModule);
    const app = await NestFactory.create(AppModule, { logger: false });
    await app.init();
    return app.getHttpServer();
  },
};

const server = await started[kind.replace(/ again$|, hanging$/, "")]();
const native = "server" in server && typeof server.ready === "function" ? server.server : server;
// On a busy machine the client may pause for longer than Node keeps a connection.
native.keepAliveTimeout = 60_000;
const say = () => process.send({ port: native.address().port, path: kind === "lightship" ? "/health" : "/api/health" });
if (native !== server) await server.listen({ port: 0, host: "127.0.0.1" }).then(say);
else if (native.listening) say();
else native.listen(0, "127.0.0.1", say);
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send(user + system);
});
process.on("disconnect", () => process.exit());
