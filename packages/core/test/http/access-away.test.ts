import { describe, expect, test } from "vitest";
import { createHttp, type HttpOptions } from "../../src/http.js";
import type { Logger } from "../../src/index.js";
import { createTeam } from "../deployer/team.js";

const away = (): never => {
  throw new TypeError("the session store is away");
};

/** A surface whose host cannot be asked, and what its log is told. */
function surface(options: Partial<HttpOptions> = {}) {
  const { watching } = createTeam();
  const logged: { readonly message: string; readonly reference: unknown }[] = [];
  const error: Logger["error"] = (message, data) => void logged.push({ message, reference: data?.["reference"] });
  const log = { info: () => undefined, warn: () => undefined, error };
  const http = createHttp({ deployer: watching, authenticate: away, log, ...options });
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const reply = await http.respond({ method: "GET", path, headers });
    if (reply === undefined || "stream" in reply) throw new TypeError("no answer that ends");
    return { status: reply.status, text: new TextDecoder().decode(reply.body) };
  };
  return { watching, logged, ask };
}

describe("while the host cannot say who asks", () => {
  test("what everybody may read is read, as by a guest, and the log is told", async () => {
    const { watching, logged, ask } = surface({ public: ["deployments.read"] });
    await using _ = watching;
    const { status, text } = await ask("/deployments", { authorization: "Bearer whatever" });
    expect([status, text.includes("session store")]).toEqual([200, false]);
    expect(logged).toEqual([{ message: expect.stringContaining("the session store is away"), reference: expect.any(String) }]);
    expect((await ask("/api/deploy/history")).status).toBe(200);
  });

  test.each([["/api/deploy/history"], ["/deployments"]])("what is not public is a 503 with the log's reference: %s", async (path) => {
    const { watching, logged, ask } = surface();
    await using _ = watching;
    const { status, text } = await ask(path);
    expect([status, text.includes("session store")]).toEqual([503, false]);
    expect(text).toContain("HTTP_ACCESS_UNDECIDED");
    expect(logged).toHaveLength(1);
    expect(text).toContain(logged[0]?.reference);
    expect(logged[0]?.message).toContain("the session store is away");
  });

  test("nor what they may", async () => {
    const { watching, logged, ask } = surface({ authenticate: () => ({ id: "ada" }), authorize: away });
    await using _ = watching;
    expect((await ask("/api/openapi.json")).status).toBe(503);
    expect(logged).toEqual([{ message: expect.stringContaining("the session store is away"), reference: expect.any(String) }]);
  });
});
