import { expect, test } from "vitest";
import { secret } from "../secret/secret.js";
import { toSettings } from "./settings.js";

test("secrets are their names, also deep inside", () => {
  expect(toSettings({ env: { MODE: "a", KEY: secret("API_KEY") }, users: [{ password: secret("PASSWORD") }] })).toEqual({
    env: { MODE: "a", KEY: { $secret: "API_KEY" } },
    users: [{ password: { $secret: "PASSWORD" } }],
  });
});

test("values that JSON does not have are kept apart", () => {
  expect(toSettings([Infinity, 10n, new URL("https://shop.example"), /a+/i, new Map([["a", 1]]), new Set(["b"])])).toEqual([
    "Infinity",
    "10",
    "https://shop.example/",
    "/a+/i",
    [["a", 1]],
    ["b"],
  ]);
});

test("functions, living objects and what holds itself are left out", () => {
  const circle: Record<string, unknown> = { size: 1 };
  circle["self"] = circle;
  expect(toSettings({ fetch: () => undefined, signal: new AbortController().signal, circle })).toEqual({ circle: { size: 1 } });
});
