import { expect, test } from "vitest";
import type { MetricReading } from "../contract/metrics.js";
import { countsOfReadings, histogramsOfReadings } from "./reading.js";

function reading(values: Readonly<Record<string, number>>, counts: "running" | "window" = "running"): MetricReading {
  return {
    series: Object.entries(values).map(([instance, value]) => ({ labels: { instance }, value })),
    counts,
    query: "q",
    link: "https://metrics.example",
  };
}

const empty = reading({});
const queries = { requests: "r", events: "e" };
const asked = [
  { query: "q", link: "https://metrics.example" },
  { query: "q", link: "https://metrics.example" },
];
const side = (requests: MetricReading, events: MetricReading) => ({ requests, events });

test("running totals stay apart by their labels, in whatever order these are written", () => {
  const series = [
    { labels: { zone: "1", instance: "a" }, value: 2 },
    { labels: { instance: "b", zone: "1" }, value: 3 },
  ];
  const turned = series.map(({ labels, value }) => ({ labels: Object.fromEntries(Object.entries(labels).reverse()), value }));
  const given = { counts: "running", query: "q" } as const;
  const measurement = countsOfReadings({ candidate: side({ ...given, series }, { ...given, series: turned }) }, queries);
  if (measurement.kind !== "counters") throw new Error(measurement.kind);
  expect(Object.values(measurement.sides.candidate.requests)).toEqual([2, 3]);
  expect(measurement.sides.candidate.events).toEqual(measurement.sides.candidate.requests);
});

test("what was counted within the window is added up", () => {
  const one = side(reading({ a: 100, b: 50 }, "window"), reading({ a: 1, b: 2 }, "window"));
  expect(countsOfReadings({ candidate: one, baseline: one }, queries)).toEqual({
    kind: "counts",
    sides: { candidate: { requests: 150, events: 3 }, baseline: { requests: 150, events: 3 } },
    asked,
  });
});

test.each<[string, Parameters<typeof countsOfReadings>, object]>([
  [
    "no requests on the candidate",
    [{ candidate: side(empty, empty), baseline: side(reading({ a: 1 }), reading({ a: 1 })) }, queries],
    { kind: "nothing" },
  ],
  [
    "no requests on the baseline",
    [{ candidate: side(reading({ a: 1 }), reading({ a: 1 })), baseline: side(empty, empty) }, queries],
    { kind: "nothing" },
  ],
  [
    "no events",
    [{ candidate: side(reading({ a: 1 }), empty) }, queries],
    { kind: "nothing", problem: expect.stringContaining('noEvents: "zero"') },
  ],
  ["totals beside counts of a window", [{ candidate: side(reading({ a: 1 }), reading({ a: 1 }, "window")) }, queries], { kind: "trouble" }],
])("%s are no numbers", (_, [sides, given], expected) => {
  expect(countsOfReadings(sides, given)).toMatchObject({ ...expected, asked });
});

test("no events are none where it is said so", () => {
  const measurement = countsOfReadings({ candidate: side(reading({ a: 7 }, "window"), empty) }, { ...queries, noEvents: "zero" });
  expect(measurement).toMatchObject({ kind: "counts", sides: { candidate: { requests: 7, events: 0 } } });
});

test("a histogram is known by its bounds, and its totals by their other labels", () => {
  const series = (le: string, value: number) => ["a", "b"].map((instance) => ({ labels: { instance, le }, value }));
  const one = { series: [...series("0.1", 3), ...series("+Inf", 5)], counts: "running", query: "q" } as const;
  const measurement = histogramsOfReadings({ candidate: one, baseline: one });
  if (measurement.kind !== "histograms") throw new Error(measurement.kind);
  expect(Object.keys(measurement.sides.candidate)).toEqual(["0.1", "+Inf"]);
  expect(Object.values(measurement.sides.candidate["0.1"] ?? {})).toEqual([3, 3]);
});

test.each<[string, MetricReading, string]>([
  ["without bounds", reading({ a: 1 }), "trouble"],
  ["without data", empty, "nothing"],
  ["of a window", { ...reading({}), series: [{ labels: { le: "1" }, value: 1 }], counts: "window" }, "trouble"],
])("a histogram %s is none", (_, given, kind) => {
  expect(histogramsOfReadings({ candidate: given })).toMatchObject({ kind });
});
