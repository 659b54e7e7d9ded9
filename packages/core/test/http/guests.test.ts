import { createTestClock } from "@fairlead/testing";
import { describe, expect, test } from "vitest";
import { createHttp, type HttpOptions } from "../../src/http.js";
import { createTeam } from "../deployer/team.js";
import { ada, ask, authenticate } from "./support/ask.js";

describe("pages that everybody may read", () => {
  const open = (options: Partial<HttpOptions> = {}) => {
    const { watching } = createTeam();
    const http = createHttp({ deployer: watching, authenticate, public: ["deployments.read"], clock: createTestClock(), ...options });
    return { watching, http };
  };

  test("count guesses of tokens as everything else does, and are shown to who guesses as to nobody", async () => {
    const { watching, http } = open({ rateLimit: { failures: 2 } });
    await using _ = watching;
    const guess = { token: "a-guess-0123456789-0123456789" };
    for (let count = 0; count < 2; count += 1) {
      const { status, text } = await ask(http, "/deployments", guess);
      expect([status, text.includes("Ada")]).toEqual([200, false]);
    }
    // A browser asks its person at 401 alone.
    const refused = await ask(http, "/deployments", guess);
    expect(refused).toMatchObject({ status: 401, headers: { "retry-after": "30", "www-authenticate": expect.stringMatching(/^Basic /) } });
    expect((await ask(http, "/api/openapi.json", guess)).status).toBe(429);
    expect((await ask(http, "/deployments")).status).toBe(200);
    expect((await ask(http, "/deployments", { token: ada })).text).toContain("Ada");
  });

  test("count who is known as everything else does", async () => {
    const { watching, http } = open({ rateLimit: { reads: 2 } });
    await using _ = watching;
    const seen = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, text } = await ask(http, "/deployments", { token: ada });
      seen.push([status, text.includes("Ada")]);
    }
    expect(seen).toEqual([
      [200, true],
      [200, true],
      [429, false],
    ]);
    expect((await ask(http, "/api/openapi.json", { token: ada })).status).toBe(429);
  });
});
