import { describe, expect, test } from "vitest";
import { createHttp, type HttpOptions } from "../../src/http.js";
import { image } from "../../src/index.js";
import { createTeam } from "../deployer/team.js";
import { ada, ask, authenticate } from "./support/ask.js";

describe("event streams of deployments", () => {
  const team = async (options: Partial<HttpOptions>) => {
    const { watching } = createTeam();
    const wish = { kind: "deploy", environment: "development", source: image("shop:1"), actor: { name: "ada", via: "api" } } as const;
    const { id } = await watching.request(wish);
    const http = createHttp({ deployer: watching, authenticate, ...options });
    const listen = async (given: { token?: string; address?: string }) => {
      const reply = await ask(http, `/api/deploy/events/${id}`, given);
      if (!("stream" in reply)) return { ...reply, first: "", close: () => Promise.resolve() };
      const gone = new AbortController();
      const texts = reply.stream(gone.signal)[Symbol.asyncIterator]();
      const { value: first } = await texts.next();
      const close = async () => {
        gone.abort();
        await texts.return?.();
      };
      return { ...reply, first: String(first), close };
    };
    return { watching, listen };
  };

  test("are so many of one identity, or of one address where nobody is known", async () => {
    const { watching, listen } = await team({ rateLimit: { streams: 2 } });
    await using _ = watching;
    const [first, second] = [await listen({ token: ada }), await listen({ token: ada, address: "192.0.2.2" })];
    const third = await listen({ token: ada });
    expect(third).toMatchObject({ status: 429, headers: { "retry-after": "5" } });
    expect(third.text).toContain("HTTP_TOO_MANY_STREAMS");
    await first.close();
    const again = await listen({ token: ada });
    expect([second.status, again.status]).toEqual([200, 200]);
    await Promise.all([second.close(), again.close()]);

    const guests = await team({ public: ["deployments.read"], rateLimit: { streams: 1 } });
    await using __ = guests.watching;
    const one = await guests.listen({});
    expect((await guests.listen({})).status).toBe(429);
    const other = await guests.listen({ address: "192.0.2.2" });
    expect([one.status, other.status]).toEqual([200, 200]);
    await Promise.all([one.close(), other.close()]);
  });

  test("are a thousand of one process, whoever asks", async () => {
    const { watching, listen } = await team({ rateLimit: false, public: ["deployments.read"] });
    await using _ = watching;
    const open = await Promise.all(Array.from({ length: 1_100 }, () => listen({})));
    const begun = open.filter(({ status, first }) => status === 200 && first === "retry: 2000\n\n");
    expect(begun).toHaveLength(1_000);
    const late = await listen({});
    expect(late).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
    expect(late.text).toContain("HTTP_STREAMS_FULL");
    await Promise.all(open.map(({ close }) => close()));
    const next = await listen({});
    expect(next.status).toBe(200);
    await next.close();
  });
});
