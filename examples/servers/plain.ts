import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { createDrain } from "@fairlead/core/node";
import { ending, http, ordered, port, products } from "./shop.ts";

async function shop(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (request.url === "/products") answer(200, products);
  else if (request.url === "/orders" && request.method === "POST") answer(201, ordered(await json(request)));
  else answer(404, { error: "there is no such page" });
}

const server = createServer((request, response) => {
  http.node(request, response, () => {
    shop(request, response).catch(() => response.writeHead(400).end());
  });
});

createDrain({ ...ending, servers: [server] }).onSignals();
server.listen(port, "127.0.0.1", () => console.log(server.address()));
