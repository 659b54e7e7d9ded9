import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { ask, inOrder, type MetricsFixture } from "./fixture.js";

const release = "rel_1";
const one = { labels: { instance: "a" }, value: 12 };
const other = { labels: { instance: "b" }, value: 30 };

/** What is answered. */
export const answerCases = {
  "every series is answered with its labels and its value": async (fixture) => {
    await fixture.put([{ release, series: [one, other] }]);
    assert.deepEqual(inOrder((await ask(fixture)).series), [one, other]);
  },

  "a value is answered as it is": async (fixture) => {
    const series = [
      { labels: { instance: "fraction" }, value: 0.125 },
      { labels: { instance: "large" }, value: 4_503_599_627_370_496 },
      { labels: { instance: "zero" }, value: 0 },
    ];
    await fixture.put([{ release, series }]);
    assert.deepEqual(inOrder((await ask(fixture)).series), series);
  },

  "labels are answered as they are": async (fixture) => {
    const labels = { instance: 'a "quoted" \\ one', path: "/orders/{id}", words: "ünï çödé 🚢" };
    await fixture.put([{ release, series: [{ labels, value: 1 }] }]);
    assert.deepEqual((await ask(fixture)).series, [{ labels, value: 1 }]);
  },

  "many series are answered": async (fixture) => {
    const series = Array.from({ length: 200 }, (_, index) => ({ labels: { instance: `i${String(index)}` }, value: index }));
    await fixture.put([{ release, series }]);
    assert.deepEqual(inOrder((await ask(fixture)).series), inOrder(series));
  },

  "where there is no data the answer is empty, and not zero": async (fixture) => {
    await fixture.put([]);
    assert.deepEqual((await ask(fixture)).series, []);
  },

  "only the release that is asked about is answered": async (fixture) => {
    await fixture.put([
      { release, series: [one] },
      { release: "rel_2", series: [other] },
      { release: "rel_10", series: [other] },
    ]);
    assert.deepEqual((await ask(fixture)).series, [one]);
    assert.deepEqual((await ask(fixture, { release: "rel_2" })).series, [other]);
    assert.deepEqual((await ask(fixture, { release: "rel_3" })).series, []);
  },

  "the name of a release is a name, whatever it looks like": async (fixture) => {
    const odd = 'a"b\\c} or vector(1) #$release&x=1';
    await fixture.put([
      { release: odd, series: [one] },
      { release, series: [other] },
    ]);
    assert.deepEqual((await ask(fixture, { release: odd })).series, [one]);
  },

  "what is no number is no data": async (fixture) => {
    await fixture.put([
      { release, series: [one, { labels: { instance: "b" }, value: Number.NaN }, { labels: { instance: "c" }, value: Infinity }] },
    ]);
    assert.deepEqual((await ask(fixture)).series, [one]);
  },

  "every question is answered by what is true now": async (fixture) => {
    await fixture.put([{ release, series: [one] }]);
    await ask(fixture);
    await fixture.put([{ release, series: [{ ...one, value: 13 }] }]);
    assert.deepEqual((await ask(fixture)).series, [{ ...one, value: 13 }]);
  },

  "it says what it was asked, and whether the numbers are totals": async (fixture) => {
    await fixture.put([{ release, series: [one] }]);
    const { query, counts, link } = await ask(fixture);
    assert.equal(counts, "running");
    assert.notEqual(query, "");
    assert.ok(!query.includes("$release") && !query.includes("$window"), `it is not filled in: ${query}`);
    assert.ok(link === undefined || URL.canParse(link), "a link is an address");
    if (fixture.windowQuery !== undefined) assert.equal((await ask(fixture, { query: fixture.windowQuery })).counts, "window");
  },

  "questions may be asked at the same time": async (fixture) => {
    await fixture.put([
      { release, series: [one] },
      { release: "rel_2", series: [other] },
    ]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => ask(fixture, { release: `rel_${String((index % 2) + 1)}` })),
    );
    assert.deepEqual(
      answers.map(({ series }) => series),
      Array.from({ length: 20 }, (_, index) => [index % 2 === 0 ? one : other]),
    );
  },

  "an answer is plain JSON": async (fixture) => {
    await fixture.put([{ release, series: [one] }]);
    const answer = await ask(fixture);
    assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
  },
} satisfies Cases<MetricsFixture>;
