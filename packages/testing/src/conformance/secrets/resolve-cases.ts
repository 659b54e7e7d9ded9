import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { resolve, valuesOf, type SecretsFixture } from "./fixture.js";

/** What is answered to which names. */
export const resolveCases = {
  "a secret is resolved to its very value": async (fixture) => {
    const values = {
      CONFORMANCE_PLAIN: "k3xQ9vLm2Zt7p",
      CONFORMANCE_ADDRESS: "postgres://shop:p%40ss'w\"o$rd@db.example:5432/shop?sslmode=require&x=1",
      CONFORMANCE_KEY: "-----BEGIN PRIVATE KEY-----\nMIIEvQ+/=\n-----END PRIVATE KEY-----\n",
      CONFORMANCE_WORDS: "  ünï çödé 🚢 \\n ${HOME} #5 ",
    };
    await fixture.put(values);
    assert.deepEqual(valuesOf(await resolve(fixture, fixture.source, ...Object.keys(values))), values);
  },

  "many secrets are resolved in one batch": async (fixture) => {
    const values = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`CONFORMANCE_${String(index)}`, `value ${String(index)}`]),
    );
    await fixture.put(values);
    assert.deepEqual(valuesOf(await resolve(fixture, fixture.source, ...Object.keys(values))), values);
  },

  "a name that is not known is left out, and the others are answered": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one", CONFORMANCE_3: "three" });
    const answer = await resolve(fixture, fixture.source, "CONFORMANCE_1", "CONFORMANCE_2", "CONFORMANCE_3");
    assert.deepEqual(valuesOf(answer), { CONFORMANCE_1: "one", CONFORMANCE_3: "three" });
  },

  "where no name is known the answer is empty": async (fixture) => {
    assert.deepEqual({ ...(await resolve(fixture, fixture.source, "CONFORMANCE_1", "CONFORMANCE_2")) }, {});
  },

  "where nothing is asked the answer is empty": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one" });
    assert.deepEqual({ ...(await resolve(fixture, fixture.source)) }, {});
  },

  "nothing is answered that was not asked for": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one", CONFORMANCE_2: "two", CONFORMANCE_10: "ten" });
    assert.deepEqual(valuesOf(await resolve(fixture, fixture.source, "CONFORMANCE_1")), { CONFORMANCE_1: "one" });
  },

  "names that every object has are not known": async (fixture) => {
    const names = ["constructor", "toString", "hasOwnProperty", "__proto__"];
    assert.deepEqual(Object.keys(await resolve(fixture, fixture.source, ...names)), []);
  },

  "an answer is texts and nothing else": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one" });
    const answer = await resolve(fixture, fixture.source, "CONFORMANCE_1");
    const { value, version, ...rest } = answer["CONFORMANCE_1"] ?? assert.fail("it is not resolved");
    assert.equal(typeof value, "string");
    assert.ok(version === undefined || (typeof version === "string" && version !== ""), "a version is a text");
    assert.deepEqual(rest, {});
  },

  "another process resolves the same": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one" });
    const own = await resolve(fixture, fixture.source, "CONFORMANCE_1");
    assert.deepEqual({ ...(await resolve(fixture, await fixture.again(), "CONFORMANCE_1")) }, { ...own });
  },

  "a value that was changed has another version": async (fixture) => {
    await fixture.put({ CONFORMANCE_1: "one" });
    const before = (await resolve(fixture, fixture.source, "CONFORMANCE_1"))["CONFORMANCE_1"];
    await fixture.put({ CONFORMANCE_1: "another one" });
    const after = (await resolve(fixture, await fixture.again(), "CONFORMANCE_1"))["CONFORMANCE_1"];
    assert.equal(after?.value, "another one");
    if (before?.version !== undefined) assert.notEqual(after.version, before.version);
  },

  "a secret of another environment is not known": async (fixture) => {
    if (fixture.putElsewhere === undefined) return;
    await fixture.put({ CONFORMANCE_1: "one" });
    await fixture.putElsewhere({ CONFORMANCE_1: "another one", CONFORMANCE_2: "two" });
    assert.deepEqual(valuesOf(await resolve(fixture, fixture.source, "CONFORMANCE_1", "CONFORMANCE_2")), { CONFORMANCE_1: "one" });
  },
} satisfies Cases<SecretsFixture>;
