import { secret, type Plugin } from "@fairlead/core";
import { expectTypeOf, test } from "vitest";
import { vercel } from "./index.js";

const token = secret("VERCEL_TOKEN");

test("the plugin is known by its name and by what it provides", () => {
  expectTypeOf(vercel({ project: "shop", token })).toEqualTypeOf<Plugin<"vercel", "target" | "checks">>();
  expectTypeOf(vercel({ name: "vercel-eu", project: "shop", token })).toEqualTypeOf<Plugin<"vercel-eu", "target" | "checks">>();
  vercel({
    project: "shop",
    token,
    fetch,
    environments: { staging: { domain: "staging.shop.example" }, live: "production" },
    requestTimeout: "2s",
  });
});

test("mistakes do not compile", () => {
  // @ts-expect-error a project is needed
  vercel({ token });
  // @ts-expect-error a token as plain text
  vercel({ project: "shop", token: "vcp_plain" });
  // @ts-expect-error a misspelt option
  vercel({ project: "shop", token, projct: "shop" });
  // @ts-expect-error no duration
  vercel({ project: "shop", token, health: { timeout: 5 } });
  // @ts-expect-error no such place
  vercel({ project: "shop", token, environments: { staging: "stage" } });
});
