// adapter-node's own server closes at once when the process is asked to end; this one drains.
import { createServer } from "node:http";
import { createDrain } from "@fairlead/core/node";
import { handler } from "./build/handler.js";

const { PORT = "3000", DRAIN_DELAY = "5s" } = process.env;

const server = createServer(handler);
createDrain({ servers: [server], delay: DRAIN_DELAY, close: () => process.emit("sveltekit:shutdown") }).onSignals();
server.listen(Number(PORT), "127.0.0.1", () => console.log(server.address()));
