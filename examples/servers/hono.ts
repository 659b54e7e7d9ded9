import { toHono } from "@fairlead/core/http";
import { createDrain } from "@fairlead/core/node";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { ending, http, ordered, port, products } from "./shop.ts";

const app = new Hono();
app.use(toHono(http));
app.get("/products", (context) => context.json(products));
app.post("/orders", async (context) => context.json(ordered(await context.req.json()), 201));

const server = createAdaptorServer({ fetch: app.fetch });
createDrain({ ...ending, servers: [server] }).onSignals();
server.listen(port, "127.0.0.1", () => console.log(server.address()));
