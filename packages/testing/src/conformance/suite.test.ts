import assert from "node:assert/strict";
import { describe, expect, it, vi } from "vitest";
import { defineSuite, type Fixture, type Subject } from "./suite.js";

interface CounterFixture extends Fixture {
  readonly counter: { next(): number };
}

const cases = {
  "counts from one": async ({ counter }: CounterFixture) => {
    assert.equal(counter.next(), 1);
  },
  "counts on": async ({ counter }: CounterFixture) => {
    assert.deepEqual([counter.next(), counter.next()], [1, 2]);
  },
};

const counterSuite = defineSuite<CounterFixture, keyof typeof cases>("counter", cases);

/** Runs a suite with a test runner that remembers what it was given. */
function collect(subject: Partial<Subject<CounterFixture, keyof typeof cases>> = {}) {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  const dispose = vi.fn();
  const create = () => {
    let count = 0;
    return { counter: { next: () => (count += 1) }, dispose };
  };
  const report = counterSuite({ test: (name, run) => tests.push({ name, run }) }, { create, ...subject });
  return { tests, report, dispose };
}

describe("a suite", () => {
  it("registers its cases with the runner it is given, under its own name", async () => {
    const { tests, report } = collect();
    expect(tests.map(({ name }) => name)).toEqual(["counter: counts from one", "counter: counts on"]);
    expect(report).toEqual({ registered: ["counts from one", "counts on"], skipped: [] });
    for (const { run } of tests) await run();
  });

  it("groups its cases where the runner can", () => {
    const groups: string[] = [];
    const names: string[] = [];
    const describeGroup = (name: string, define: () => void): void => {
      groups.push(name);
      define();
    };
    counterSuite({ test: (name) => names.push(name), describe: describeGroup }, { create: () => assert.fail("no case was run") });
    expect([groups, names]).toEqual([["counter"], ["counts from one", "counts on"]]);
  });

  it("makes a fixture for every case and disposes of it, also when the case fails", async () => {
    let made = 0;
    const dispose = vi.fn();
    const create = () => {
      made += 1;
      return { counter: { next: () => made }, dispose };
    };
    const { tests } = collect({ create });
    await tests[0]?.run();
    await expect(tests[1]?.run()).rejects.toThrow(assert.AssertionError);
    expect(made).toBe(2);
    expect(dispose).toHaveBeenCalledTimes(2);
  });

  it("tells of the case that failed rather than of its disposal, and of a disposal that failed alone", async () => {
    const broken = (start: number) => () => {
      let count = start;
      return { counter: { next: () => (count += 1) }, dispose: () => Promise.reject(new Error("cannot be disposed of")) };
    };
    await expect(collect({ create: broken(7) }).tests[0]?.run()).rejects.toThrow(assert.AssertionError);
    await expect(collect({ create: broken(0) }).tests[0]?.run()).rejects.toThrow("cannot be disposed of");
  });

  it("leaves out what does not apply, and says why", () => {
    const { tests, report } = collect({ skip: { "counts on": "it counts once" } });
    expect(tests.map(({ name }) => name)).toEqual(["counter: counts from one"]);
    expect(report).toEqual({ registered: ["counts from one"], skipped: [{ name: "counts on", reason: "it counts once" }] });
  });

  it("refuses to leave out a case without a reason, or one that it does not have", () => {
    expect(() => collect({ skip: { "counts on": " " } })).toThrow(expect.objectContaining({ code: "CONFORMANCE_SKIP_INVALID" }) as Error);
    const misspelt = { "counts of": "reason" } as object;
    expect(() => collect({ skip: misspelt })).toThrow(expect.objectContaining({ code: "CONFORMANCE_SKIP_INVALID" }) as Error);
  });

  it("fails what does not come in time, by name, and hands through what does", async () => {
    const waiting = defineSuite<Fixture, "waits" | "gets">("waiting", {
      waits: async (_, { soon }) => {
        await soon("a change", new Promise(() => undefined));
      },
      gets: async (_, { soon }) => {
        assert.equal(await soon("a number", Promise.resolve(7)), 7);
        await assert.rejects(soon("a refusal", Promise.reject(new TypeError("refused"))), TypeError);
      },
    });
    const runs = new Map<string, () => Promise<void>>();
    waiting({ test: (name, run) => runs.set(name, run) }, { create: () => ({ dispose: () => undefined }), patience: "20ms" });
    await expect(runs.get("waiting: waits")?.()).rejects.toThrow("has not come within 20 ms: a change");
    await runs.get("waiting: gets")?.();
  });
});
