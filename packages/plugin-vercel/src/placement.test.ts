import { expect, test } from "vitest";
import { domainOf, placementOf } from "./placement.js";

const project = { id: "prj_1", name: "shop" };

test("production goes to production, everything else to preview, unless the options say otherwise", () => {
  expect(placementOf({ environments: {} }, "production")).toEqual({ kind: "production" });
  expect(placementOf({ environments: {} }, "staging")).toEqual({ kind: "preview", environment: "staging" });
  expect(placementOf({ environments: { production: "preview" } }, "production")).toMatchObject({ kind: "preview" });
  expect(placementOf({ environments: { live: "production" } }, "live")).toEqual({ kind: "production" });
});

test("an instance goes where its template does, unless it is named itself", () => {
  const environments = { preview: { domain: "*.shop.example" }, "preview/main": { custom: "main", domain: "main.shop.example" } } as const;
  expect(placementOf({ environments }, "preview/pr-12")).toEqual({
    kind: "preview",
    environment: "preview/pr-12",
    domain: "pr-12.shop.example",
  });
  expect(placementOf({ environments }, "preview/main")).toMatchObject({ custom: "main", domain: "main.shop.example" });
});

test("a domain that instances would take from each other is refused", () => {
  const environments = { preview: { domain: "preview.shop.example" } };
  expect(() => placementOf({ environments }, "preview/pr-12")).toThrow(expect.objectContaining({ code: "VERCEL_DOMAIN_SHARED" }));
  expect(placementOf({ environments }, "preview")).toMatchObject({ domain: "preview.shop.example" });
});

test("without a domain there is one of its own, which is a host name whatever the environment is called", () => {
  const of = (environment: string, id = "prj_1"): string => domainOf({ kind: "preview", environment }, { ...project, id });
  expect(of("staging")).toMatch(/^shop-staging-[0-9a-f]{8}\.vercel\.app$/);
  expect(of("staging")).toBe(of("staging"));
  expect(new Set([of("staging"), of("staging", "prj_2"), of("preview/pr-1"), of("preview/pr-2")]).size).toBe(4);
  for (const odd of ["preview/" + "x".repeat(90), "preview/Ümläut & co.", "preview/-"])
    expect(of(odd)).toMatch(/^(?!-)[a-z0-9-]{1,63}(?<!-)\.vercel\.app$/);
});
