import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { connectionProblem } from "./connection-problem.js";

test("the system's code is found in the causes, and no message with the address", async () => {
  const server = createServer((socket) => socket.resetAndDestroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const ask = () => fetch(`http://127.0.0.1:${String(port)}/token-in-the-address`).then(() => "an answer", connectionProblem);

  expect(await ask()).toBe("ECONNRESET");
  server.close();
  await once(server, "close");
  expect(await ask()).toBe("ECONNREFUSED");
});

test.each([new Error("connect to https://user:password@example.com"), "gone", undefined])("%s has no code", (error) => {
  expect(connectionProblem(error)).toBe("no connection");
});
