import fastify from "fastify";
import { expect, test } from "vitest";
import { createTeam } from "../../test/deployer/team.js";
import { createHttp } from "./create-http.js";
import { toFastify } from "./fastify.js";
import { toLogger } from "./to-logger.js";

test("pino is told what belongs to a message: by what the answer names, and what the request is called, it is found again", async () => {
  const lines: string[] = [];
  const app = fastify({
    logger: { level: "info", stream: { write: (line: string) => void lines.push(line) } },
    disableRequestLogging: true,
  });
  const { watching } = createTeam();
  await using _ = watching;
  const authenticate = () => {
    throw new TypeError("the session store is away");
  };
  await app.register(toFastify(createHttp({ deployer: watching, authenticate, log: toLogger(app.log) })));
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const ask = async (id: string) => {
    const response = await fetch(`${url}/api/deploy/history`, { headers: { "x-request-id": id } });
    return (await response.json()) as { readonly data: { readonly reference: string } };
  };
  const { data } = await ask("edge-7f3a");
  await ask("<script> and more");
  await app.close();
  const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ level }) => level === 50);
  expect(told).toMatchObject([
    {
      msg: expect.stringContaining("the session store is away"),
      reference: data.reference,
      route: "deployments.history",
      requestId: "edge-7f3a",
    },
    { msg: expect.stringContaining("the session store is away") },
  ]);
  expect(told[1]).not.toHaveProperty("requestId");
});
