// How often the judge aborts a candidate that is like its baseline, and how soon it finds one that is worse; beside a fixed threshold and the Mann-Whitney rule of Kayenta on the same data. One look a minute.
// Build first: npm run build && node bench/judge.mjs [seeds] [looks]
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { shiftOf } from "./judge/mann-whitney.mjs";
import { createBinomial, createRandom, upperBound } from "./judge/random.mjs";
import { rules } from "./judge/rules.mjs";

const seeds = Number(process.argv[2] ?? 10_000);
const looks = Number(process.argv[3] ?? 1_440);

/** Comparing ranks takes long: as many of the seeds are shown to it. */
const kayentaSeeds = Math.min(seeds, 500);

const common = { metrics: 8, rate: 0.005, candidateRequests: 300, baselineRequests: 300, times: 1, looks };
const scenarios = [
  { ...common, name: "identical", seeds },
  { ...common, name: "identical, 9 times the baseline", baselineRequests: 2_700, seeds, unequal: true },
  { ...common, name: "identical, 0.05 %", rate: 0.0005, seeds },
  { ...common, name: "identical, 3,000 a minute", candidateRequests: 3_000, baselineRequests: 3_000, seeds },
  { ...common, name: "2 times the errors", times: 2, seeds: Math.min(seeds, 2_000) },
  { ...common, name: "4 times the errors", times: 4, seeds },
  { ...common, name: "10 times the errors", times: 10, seeds },
  { ...common, name: "everything fails", times: 200, seeds: Math.min(seeds, 2_000) },
  { ...common, name: "4 times, 9 times the baseline", times: 4, baselineRequests: 2_700, seeds, unequal: true },
  { ...common, name: "10 times, 9 times the baseline", times: 10, baselineRequests: 2_700, seeds, unequal: true },
];

/** The minute at which each rule aborts; the errors are on one metric of all. */
function simulate(scenario, seed, index) {
  const { metrics, rate, candidateRequests, baselineRequests, times } = scenario;
  const random = createRandom(seed, index, 0x5eed);
  const usual = createBinomial(candidateRequests, rate);
  const worse = times === 1 ? usual : createBinomial(candidateRequests, Math.min(1 - 1e-9, rate * times));
  const baseline = createBinomial(baselineRequests, rate);
  const running = new Map([
    ["judge", rules.judge(scenario)],
    ["threshold", rules.threshold(scenario)],
  ]);
  // It compares values of one size.
  if (seed <= kayentaSeeds && scenario.unequal !== true) running.set("kayenta", rules.kayenta(scenario));
  const aborted = Object.fromEntries([...running.keys()].map((name) => [name, Infinity]));
  for (let at = 1; at <= scenario.looks && running.size > 0; at += 1) {
    const counts = Array.from({ length: metrics }, (_, metric) => ({
      candidate: (metric === 0 ? worse : usual)(random),
      baseline: baseline(random),
    }));
    for (const [name, rule] of running) {
      if (!rule(at, counts)) continue;
      aborted[name] = at;
      running.delete(name);
    }
  }
  return aborted;
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[Math.floor((numbers.length - 1) / 2)];
}

async function simulateAll(index) {
  const threads = availableParallelism();
  const parts = await Promise.all(
    Array.from({ length: threads }, (_, part) => {
      const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2), workerData: { index, part, threads } });
      return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    }),
  );
  return parts.flat();
}

/** What is reported of Kayenta in spinnaker/spinnaker#6278 must come out of the port. */
function checkPort() {
  const { lower, upper, estimate } = shiftOf([100, 100, 100, 100, 100, 100, 100, 1, 1, 1], new Array(10).fill(1));
  const isSame = Math.abs(lower - 6.825022991538781e-5) < 1e-15 && upper === 99 && estimate === 98.99992904170193;
  if (!isSame) throw new Error(`the port of Kayenta's rule differs: ${lower}, ${upper}, ${estimate}`);
}

if (isMainThread) {
  checkPort();
  const begun = performance.now();
  const head = ["scenario", "rule", "seeds", "aborted", "95 % upper bound", "median minutes", "9 of 10 within"];
  const widths = [34, 11, 8, 10, 18, 16, 16];
  const line = (cells) => console.log(cells.map((cell, column) => String(cell).padEnd(widths[column])).join(""));
  console.log(
    `${looks} looks, ${common.metrics} metrics, ${common.rate * 100} % errors, ${common.candidateRequests} requests a minute on each side unless said otherwise\n`,
  );
  line(head);
  for (const [index, scenario] of scenarios.entries()) {
    const results = await simulateAll(index);
    for (const rule of Object.keys(rules)) {
      const minutes = results.flatMap(({ [rule]: at }) => (at === undefined ? [] : [at]));
      if (minutes.length === 0) continue;
      const hits = minutes.filter((at) => at < Infinity).length;
      const sorted = minutes.toSorted((left, right) => left - right);
      const within = sorted[Math.ceil(0.9 * sorted.length) - 1];
      const share = (part) => `${(100 * part).toFixed(2)} %`;
      const time = (at) => (at < Infinity ? at : "-");
      line([
        scenario.name,
        rule,
        minutes.length,
        share(hits / minutes.length),
        share(upperBound(hits, minutes.length)),
        time(median(minutes)),
        time(within),
      ]);
    }
  }
  console.log(`\n${((performance.now() - begun) / 1_000).toFixed(0)} s`);
} else {
  const { index, part, threads } = workerData;
  const scenario = scenarios[index];
  const results = [];
  for (let seed = 1 + part; seed <= scenario.seeds; seed += threads) results.push(simulate(scenario, seed, index));
  parentPort.postMessage(results);
}
