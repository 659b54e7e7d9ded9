import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import { bearerTokens, createHttp, toRouteHandlers } from "../../src/http.js";
import { image } from "../../src/index.js";
import { createTeam } from "../deployer/team.js";

const ada = "ada-0123456789-0123456789";
const authenticate = bearerTokens([{ id: "ada", name: "Ada", token: ada }]);

test("where no host says an address, guesses are counted together and keep out nobody who is known", async () => {
  const { watching } = createTeam();
  await using _ = watching;
  const { GET } = toRouteHandlers(createHttp({ deployer: watching, authenticate, clock: createTestClock() }));
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await GET(new Request("https://shop.example/api/deploy/history", { headers }))).status;
  };
  const answers = [];
  for (let guess = 0; guess < 40; guess += 1) answers.push(await ask(`a-guess-${String(guess)}-0123456789`));
  expect(answers.filter((status) => status === 401)).toHaveLength(30);
  expect(answers.slice(30)).toEqual(Array.from({ length: 10 }, () => 429));
  expect(await ask(ada)).toBe(200);
});

test.each([2, undefined])(
  "where no host says an address, those whom nobody knows leave half of all streams to the others",
  async (streams) => {
    const { watching } = createTeam();
    await using _ = watching;
    const wish = { kind: "deploy", environment: "development", source: image("shop:1"), actor: { name: "ada", via: "api" } } as const;
    const { id } = await watching.request(wish);
    const rateLimit = { allStreams: 8, ...(streams === undefined ? {} : { streams }) };
    const http = createHttp({ deployer: watching, public: ["deployments.read"], rateLimit });
    const listen = async (native?: unknown) => {
      const reply = await http.respond({ method: "GET", path: `/api/deploy/events/${id}`, native });
      if (reply === undefined || !("stream" in reply)) return { status: reply?.status, close: () => Promise.resolve() };
      const gone = new AbortController();
      const texts = reply.stream(gone.signal)[Symbol.asyncIterator]();
      await texts.next();
      const close = async () => {
        gone.abort();
        await texts.return?.();
      };
      return { status: reply.status, close };
    };
    const strangers = [];
    for (let count = 0; count < 6; count += 1) strangers.push(await listen());
    expect(strangers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 503, 503]);
    const neighbours = [await listen({ socket: { remoteAddress: "192.0.2.1" } }), await listen({ socket: { remoteAddress: "192.0.2.2" } })];
    expect(neighbours.map(({ status }) => status)).toEqual([200, 200]);
    await strangers[0]?.close();
    const next = await listen();
    expect(next.status).toBe(200);
    for (const { close } of [...strangers, ...neighbours, next]) await close();
  },
);
