import { secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { vercelOptions } from "./options.js";

const least = { project: "shop", token: secret("VERCEL_TOKEN") };

async function issuesOf(options: unknown): Promise<string[]> {
  const { issues = [] } = await vercelOptions["~standard"].validate(options);
  return issues.map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`);
}

test("the least that is needed is a project and a token", async () => {
  expect(await vercelOptions["~standard"].validate(least)).toMatchObject({
    value: {
      apiUrl: "https://api.vercel.com",
      environments: {},
      health: { path: "/", timeout: 5_000, release: "optional" },
      gitIntegration: "refuse",
      requestTimeout: 4_000,
      promoteTimeout: 13_000,
    },
  });
  expect(await issuesOf({})).toHaveLength(2);
});

test.for([
  [{ token: "vcp_plain" }, "token: Name a secret"],
  [{ protectionBypass: "plain" }, "protectionBypass: Name a secret"],
  [{ apiUrl: "http://api.vercel.example" }, "apiUrl: Write an address that begins with https://"],
  [{ apiUrl: "https://user:password@api.vercel.example" }, "apiUrl: Write an address"],
  [{ health: { path: "health.json" } }, "health.path: Write a path that begins with /"],
  [{ health: { timeout: "soon" } }, "health.timeout: Write a number"],
  [{ environments: { staging: "stage" } }, 'environments.staging: Write "production", "preview" or'],
  [{ environments: { staging: { domain: "https://staging.example" } } }, "environments.staging"],
  [{ domains: [] }, "domains: Name the domains"],
  [{ fetch: "no" }, "fetch: Pass a function"],
  [{ projct: "shop" }, "projct"],
] as const)("%o is a finding", async ([options, finding]) => {
  const issues = await issuesOf({ ...least, ...options });
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(finding);
});

test.for([
  { apiUrl: "http://127.0.0.1:4000/" },
  { apiUrl: "https://vercel.gateway.internal/api" },
  { environments: { preview: { domain: "*.preview.shop.example" }, staging: { custom: "env_1", domain: "staging.shop.example" } } },
  { environments: { preview: { domain: "shop-*.example" } } },
])("%o is none", async (options) => {
  expect(await issuesOf({ ...least, ...options })).toEqual([]);
});
