import { toFastify } from "@fairlead/core/http";
import { createDrain } from "@fairlead/core/node";
import fastify from "fastify";
import { ending, http, ordered, port, products } from "./shop.ts";

const app = fastify();
await app.register(toFastify(http));
app.get("/products", () => products);
app.post("/orders", (request, reply) => reply.code(201).send(ordered(request.body)));

createDrain({ ...ending, servers: [app.server] }).onSignals();
await app.listen({ port, host: "127.0.0.1" });
console.log(app.server.address());
