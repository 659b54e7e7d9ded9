import assert from "node:assert/strict";
import { isFairleadError } from "@fairlead/core";
import { recordedCall } from "../call.js";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import { ask, type MetricsFixture } from "./fixture.js";

const planted = [{ release: "rel_1", series: [{ labels: { instance: "a" }, value: 12 }] }];

/** What a source says when it cannot be asked, and how it stops. */
export const failureCases = {
  "a source that cannot be asked rejects so that it is asked again, and answers no data never": async (fixture) => {
    if (fixture.outage === undefined) return;
    await fixture.put(planted);
    await fixture.outage();
    await assert.rejects(ask(fixture), (error) => {
      assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
      assert.ok(error.retryable, "asking again may help");
      return true;
    });
  },

  "a query that is not understood is refused for good": async (fixture) => {
    if (fixture.brokenQuery === undefined) return;
    await fixture.put(planted);
    await assert.rejects(ask(fixture, { query: fixture.brokenQuery }), (error) => {
      assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
      assert.ok(!error.retryable, "asking again does not help");
      return true;
    });
  },

  "a call that was aborted before it began ends soon, without an answer": async (fixture, { soon }) => {
    await fixture.put(planted);
    const [result] = await soon("the end of the call", Promise.allSettled([ask(fixture, { call: recordedCall(AbortSignal.abort()) })]));
    assert.equal(result.status, "rejected");
  },

  "an abort ends a call to a source that does not answer": async (fixture, { soon }) => {
    if (fixture.silence === undefined) return;
    await fixture.silence();
    const abort = new AbortController();
    const ended = assert.rejects(ask(fixture, { call: recordedCall(abort.signal) }));
    ended.catch(() => undefined);
    await new Promise((resolved) => setTimeout(resolved, 20));
    abort.abort();
    await soon("the end of the call", ended);
  },

  "nothing that it says holds what it is asked with": async (fixture) => {
    const call = recordedCall();
    const said: unknown[] = [];
    const listen = async (query?: string): Promise<void> => {
      said.push(await ask(fixture, { call, ...(query === undefined ? {} : { query }) }).catch((error: unknown) => error));
    };
    await fixture.put(planted);
    await listen();
    if (fixture.brokenQuery !== undefined) await listen(fixture.brokenQuery);
    await fixture.outage?.();
    await listen();
    await holdNoSecret(fixture.credentials ?? [], [...said, JSON.stringify(said), ...call.lines]);
  },
} satisfies Cases<MetricsFixture>;
