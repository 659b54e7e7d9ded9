import { openLine, prometheus as prometheusProgram, requireService } from "@fairlead/test-support";
import { metricsSuite, type MetricsFixture } from "@fairlead/testing/conformance";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { secret } from "../../src/index.js";
import { createJudge, prometheus, takeSample } from "../../src/metrics.js";
import { startPrometheus, type PrometheusServer } from "./support/prometheus-server.js";
import { remoteWrite, type WrittenSample } from "./support/remote-write.js";
import { sourceOf } from "./support/source-of.js";

beforeEach((context) => requireService(context, prometheusProgram));

let server: PrometheusServer | undefined;
beforeAll(async () => {
  if (prometheusProgram.available) server = await startPrometheus();
});
afterAll(() => server?.stop());

const token = "Wq4vJx8RtZ2mKp7L";
let metrics = 0;

/** A metric of its own in the server, behind a line that can be interrupted. */
async function createFixture(): Promise<MetricsFixture> {
  const { port, origin } = server ?? (await startPrometheus());
  const line = await openLine({ host: "127.0.0.1", port });
  const plugin = prometheus({ url: `http://127.0.0.1:${String(line.port)}`, token: secret("PROMETHEUS_TOKEN") });
  const name = `requests_${String((metrics += 1))}_total`;
  // What was put before is forgotten by the time of what is put next.
  let at = Date.now() - 1_800_000;
  return {
    source: await sourceOf(plugin, { secrets: { PROMETHEUS_TOKEN: token } }),
    query: `sum without (release) (${name}{release="$release"})`,
    windowQuery: `sum without (release) (increase(${name}{release="$release"}[$window]))`,
    brokenQuery: `sum without (release) (${name}{`,
    get at() {
      return at;
    },
    async put(planted) {
      at += 20_000;
      const samples = planted.flatMap(({ release, series }) =>
        series.map(({ labels, value }) => ({ labels: { ...labels, release, __name__: name }, value, at })),
      );
      if (samples.length > 0) await remoteWrite(origin, samples);
    },
    outage: () => line.cut(),
    silence: () => line.silence(),
    credentials: [token],
    dispose: () => line.close(),
  };
}

metricsSuite({ test, describe }, { create: createFixture, patience: "60s" });

const call = { signal: new AbortController().signal, log: { info: () => undefined, warn: () => undefined, error: () => undefined } };

describe("a canary whose counters Prometheus has", () => {
  const minute = 60_000;
  const begun = Math.floor(Date.now() / 1_000) * 1_000 - 30 * minute;
  const releaseOf = { candidate: "rel_new", baseline: "rel_old" };

  /** What two instances of a release count until a minute: 150 requests a minute each, so many of them errors. The second one restarts after three minutes. */
  function countersOf(release: string, errorsPerMinute: number, minutes: number): readonly WrittenSample[] {
    return ["a", "b"].flatMap((instance) => {
      const since = instance === "b" && minutes >= 3 ? minutes - 3 : minutes + 5;
      const labels = { release, instance, __name__: "shop_requests_total" };
      const at = begun + minutes * minute;
      return [
        { labels: { ...labels, status: "200" }, value: since * (150 - errorsPerMinute), at },
        { labels: { ...labels, status: "500" }, value: since * errorsPerMinute, at },
      ];
    });
  }

  async function judge(errorsPerMinute: number, prefix: string) {
    const { origin } = server ?? (await startPrometheus());
    const source = await sourceOf(prometheus({ url: origin }));
    const judge = createJudge({ metrics: { errors: {} }, for: "10m" });
    let state = judge.begin;
    for (let minutes = 0; minutes <= 10 && state.decision === undefined; minutes += 1) {
      await remoteWrite(origin, [
        ...countersOf(`${prefix}${releaseOf.candidate}`, errorsPerMinute, minutes),
        ...countersOf(`${prefix}${releaseOf.baseline}`, 1, minutes),
      ]);
      const queries = {
        requests: 'sum by (instance) (shop_requests_total{release="$release"})',
        events: 'sum by (instance) (shop_requests_total{release="$release",status=~"5.."})',
      };
      const releases = { candidate: `${prefix}${releaseOf.candidate}`, baseline: `${prefix}${releaseOf.baseline}` };
      const look = { metrics: { errors: { source, queries } }, releases, at: begun + minutes * minute, window: "1m" } as const;
      state = judge.step(state, await takeSample(look, call));
    }
    return judge.judge(state);
  }

  test("is passed where it is like its baseline, over a restart", async () => {
    const judgement = await judge(1, "same_");
    expect(judgement).toMatchObject({ verdict: "pass", reason: "watched" });
    // Ten minutes of two instances; what one counted between the last look before its restart and the first after it is nowhere.
    expect(judgement.metrics[0]?.candidate).toEqual({ requests: 2_850, events: 19 });
    expect(judgement.metrics[0]?.asked[1]?.query).toBe('sum by (instance) (shop_requests_total{release="same_rel_new",status=~"5.."})');
  });

  test("is failed where it is several times as bad", async () => {
    expect(await judge(6, "bad_")).toMatchObject({ verdict: "fail", reason: "worse", because: ["errors"] });
  });
});

test("a histogram of Prometheus is judged by the baseline's percentile", async () => {
  const { origin } = server ?? (await startPrometheus());
  const source = await sourceOf(prometheus({ url: `${origin}/` }));
  const judge = createJudge({ metrics: { latency: { percentile: 0.9 } }, for: "10m" });
  const begun = Math.floor(Date.now() / 1_000) * 1_000 - 1_500_000;
  let state = judge.begin;
  for (let looks = 0; looks < 6; looks += 1) {
    const at = begun + looks * 60_000;
    const bucket = (release: string, le: string, perMinute: number) => ({
      labels: { release, le, __name__: "latency_bucket" },
      value: perMinute * looks,
      at,
    });
    await remoteWrite(origin, [
      ...[bucket("old", "0.1", 600), bucket("old", "0.5", 950), bucket("old", "+Inf", 1_000)],
      ...[bucket("new", "0.1", 100), bucket("new", "0.5", 500), bucket("new", "+Inf", 1_000)],
    ]);
    const latency = { source, queries: { histogram: 'sum by (le) (latency_bucket{release="$release"})' } };
    state = judge.step(
      state,
      await takeSample({ metrics: { latency }, releases: { candidate: "new", baseline: "old" }, at, window: "1m" }, call),
    );
  }
  expect(judge.judge(state)).toMatchObject({ verdict: "fail", metrics: [{ bound: "0.5", candidate: { requests: 1_000, events: 500 } }] });
});
