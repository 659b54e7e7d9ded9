import { createServer } from "node:http";
import { createDrain } from "@fairlead/core/node";
import express from "express4";
import { ending, http, ordered, port, products } from "./shop.ts";

const app = express();
// Before or behind parsers of bodies: here the deploy API is given what this one has made of them.
app.use(express.json());
app.use(http.node);
app.get("/products", (_, response) => void response.json(products));
app.post("/orders", (request, response) => void response.status(201).json(ordered(request.body)));

const server = createServer(app);
createDrain({ ...ending, servers: [server] }).onSignals();
server.listen(port, "127.0.0.1", () => console.log(server.address()));
