import { expect, test } from "vitest";
import { freezeSpec, frozenAhead } from "./freezes.js";

const at = (text: string): number => Date.parse(text);

test("what is frozen ahead: once, again and again, and not what is frozen already", () => {
  const nights = freezeSpec({ every: "day", from: "22:00", to: "06:00", zone: "Europe/Berlin", reason: "night" });
  const fair = freezeSpec({ from: "2026-11-22T12:00:00Z", to: "2026-11-22T13:00:00Z", reason: "the fair" });
  const ahead = frozenAhead([nights, fair], at("2026-11-21T23:00:00Z"), at("2026-11-23T23:00:00Z"));
  expect(ahead).toEqual([
    { reason: "the fair", from: at("2026-11-22T12:00:00Z"), until: at("2026-11-22T13:00:00Z") },
    { reason: "night", from: at("2026-11-22T21:00:00Z"), until: at("2026-11-23T05:00:00Z") },
    { reason: "night", from: at("2026-11-23T21:00:00Z"), until: at("2026-11-24T05:00:00Z") },
  ]);
});
