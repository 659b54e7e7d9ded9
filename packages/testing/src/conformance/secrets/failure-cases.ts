import assert from "node:assert/strict";
import { isFairleadError } from "@fairlead/core";
import { recordedCall } from "../call.js";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import { resolve, type SecretsFixture } from "./fixture.js";

/** What a source says when it cannot be asked, and how it stops. */
export const failureCases = {
  "a source that cannot be asked rejects, and calls nothing missing": async (fixture) => {
    if (fixture.outage === undefined) return;
    await fixture.put({ CONFORMANCE_1: "one" });
    await fixture.outage();
    await assert.rejects(resolve(fixture, fixture.source, "CONFORMANCE_1"), (error) => {
      assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
      return true;
    });
  },

  "a call that was aborted before it began ends soon": async ({ source, environment }, { soon }) => {
    const call = { ...recordedCall(AbortSignal.abort()), environment };
    await soon("the end of the call", Promise.allSettled([source.resolve(["CONFORMANCE_1"], call)]));
  },

  "an abort ends a call to a source that does not answer": async (fixture, { soon }) => {
    if (fixture.silence === undefined) return;
    await fixture.silence();
    const abort = new AbortController();
    const asked = fixture.source.resolve(["CONFORMANCE_1"], { ...recordedCall(abort.signal), environment: fixture.environment });
    const ended = assert.rejects(asked);
    ended.catch(() => undefined);
    await new Promise((resolved) => setTimeout(resolved, 20));
    abort.abort();
    await soon("the end of the call", ended);
  },

  "nothing that it says holds a secret": async (fixture) => {
    const secrets = { CONFORMANCE_1: "k3xQ-9vLm2-Zt7p", CONFORMANCE_2: "Rz8kW/3@tY:vL5p" };
    const call = { ...recordedCall(), environment: fixture.environment };
    const said: unknown[] = [];
    await fixture.put(secrets);
    await fixture.source.resolve([...Object.keys(secrets), "CONFORMANCE_3"], call);
    await fixture.outage?.();
    said.push(
      await fixture.source.resolve(Object.keys(secrets), call).then(
        () => "",
        (error: unknown) => error,
      ),
    );
    await holdNoSecret([...Object.values(secrets), ...(fixture.credentials ?? [])], [...said, JSON.stringify(said), ...call.lines]);
  },
} satisfies Cases<SecretsFixture>;
