import { fail, type MetricReading } from "@fairlead/core";
import type { MetricsCase } from "../../src/conformance/metrics-suite.js";
import { credential, sourceErrors, type Deviation } from "./fake-subject.js";

/** A source that differs from the good one in one behaviour, and the cases that must notice. */
interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly MetricsCase[];
}

/** Answers something else than the good one. */
function answering(change: (answer: MetricReading) => MetricReading): Deviation {
  return (good) => async (question, call) => change(await good.query(question, call));
}

/** The same with other series. */
function series(change: (one: MetricReading["series"]) => MetricReading["series"]): Deviation {
  return answering((answer) => ({ ...answer, series: change(answer.series) }));
}

function unreachable(problem: string): Error {
  return fail(sourceErrors, "FAKE_METRICS_UNREACHABLE", { problem });
}

const manySeries: readonly MetricsCase[] = [
  "every series is answered with its labels and its value",
  "a value is answered as it is",
  "many series are answered",
];

export const deviations: Readonly<Record<string, Deviating>> = {
  "adds up what it finds": {
    deviation: series((all) =>
      all.length === 0 ? [] : [{ labels: all[0]?.labels ?? {}, value: all.reduce((sum, { value }) => sum + value, 0) }],
    ),
    fails: manySeries,
  },
  "answers one page": { deviation: series((all) => all.slice(0, 100)), fails: ["many series are answered"] },
  "rounds its values": {
    deviation: series((all) => all.map((one) => ({ ...one, value: Math.round(one.value) }))),
    fails: ["a value is answered as it is"],
  },
  "calls zero no data": {
    deviation: series((all) => all.filter(({ value }) => value !== 0)),
    fails: ["a value is answered as it is", "many series are answered"],
  },
  "writes labels in capitals": {
    deviation: series((all) =>
      all.map(({ labels, value }) => ({
        labels: Object.fromEntries(
          Object.entries(labels).map(([name, label]) => [name, /^[\w$]*$/.test(label) ? label : label.toUpperCase()]),
        ),
        value,
      })),
    ),
    fails: ["labels are answered as they are"],
  },
  "answers zero where there is no data": {
    deviation: series((all) => (all.length === 0 ? [{ labels: {}, value: 0 }] : all)),
    fails: ["where there is no data the answer is empty, and not zero", "only the release that is asked about is answered"],
  },
  "finds releases by how they begin": {
    deviation: (good, gauge) => async (question, call) => ({
      ...(await good.query(question, call)),
      series: gauge.metrics
        .filter(({ release }) => release.startsWith(question.release))
        .flatMap((found) => found.series.filter(({ value }) => Number.isFinite(value))),
    }),
    fails: ["only the release that is asked about is answered"],
  },
  "reads the name of a release as more than a name": {
    deviation: (good) => (question, call) => good.query({ ...question, release: question.release.split('"')[0] ?? "" }, call),
    fails: ["the name of a release is a name, whatever it looks like"],
  },
  "answers what is no number": {
    deviation: (_good, gauge) => (question, call) =>
      goodAnswer(gauge.metrics.find(({ release }) => release === question.release)?.series ?? [], _good.query(question, call)),
    fails: ["what is no number is no data"],
  },
  "remembers its first answer": {
    deviation: (good) => {
      const known = new Map<string, MetricReading>();
      return async (question, call) => {
        const key = `${question.query} ${question.release}`;
        const answer = known.get(key) ?? (await good.query(question, call));
        known.set(key, answer);
        return answer;
      };
    },
    fails: ["every question is answered by what is true now"],
  },
  "does not say what it asked": {
    deviation: (good) => async (question, call) => ({ ...(await good.query(question, call)), query: question.query }),
    fails: ["it says what it was asked, and whether the numbers are totals"],
  },
  "calls everything a total": {
    deviation: answering((answer) => ({ ...answer, counts: "running" })),
    fails: ["it says what it was asked, and whether the numbers are totals"],
  },
  "links to nowhere": {
    deviation: answering((answer) => ({ ...answer, link: "somewhere" })),
    fails: ["it says what it was asked, and whether the numbers are totals"],
  },
  "answers the question before the last": {
    deviation: (good) => {
      let release = "";
      return async (question, call) => {
        release = question.release;
        await new Promise((resolved) => setTimeout(resolved, 5));
        return good.query({ ...question, release }, call);
      };
    },
    fails: ["questions may be asked at the same time"],
  },
  "answers what JSON does not know": {
    deviation: answering((answer) => Object.assign(answer, { warnings: undefined })),
    fails: ["an answer is plain JSON"],
  },
  "has no data while it cannot be asked": {
    deviation: (good, gauge) => async (question, call) =>
      gauge.state === "unreachable" ? { series: [], counts: "running", query: "requests" } : good.query(question, call),
    fails: ["a source that cannot be asked rejects so that it is asked again, and answers no data never"],
  },
  "gives up where asking again may help": {
    deviation: (good, gauge) => async (question, call) => {
      if (gauge.state === "unreachable") throw fail(sourceErrors, "FAKE_METRICS_REFUSED", { problem: "it does not answer." });
      return good.query(question, call);
    },
    fails: ["a source that cannot be asked rejects so that it is asked again, and answers no data never"],
  },
  "asks again what is not understood": {
    deviation: (good) => (question, call) =>
      good.query(question, call).catch((error: unknown) => {
        if (call.signal.aborted) throw error;
        throw unreachable("it does not answer.");
      }),
    fails: ["a query that is not understood is refused for good"],
  },
  "answers nobody who waits": {
    deviation: (good) => (question, call) => good.query(question, { ...call, signal: new AbortController().signal }),
    fails: [
      "a call that was aborted before it began ends soon, without an answer",
      "an abort ends a call to a source that does not answer",
    ],
  },
  "says what it is asked with": {
    deviation: (good) => (question, call) =>
      good.query(question, call).catch((error: unknown) => {
        if (call.signal.aborted || question.query === "requests{") throw error;
        throw unreachable(`https://metrics.example/?token=${credential}`);
      }),
    fails: ["nothing that it says holds what it is asked with"],
  },
  "links with what it is asked with": {
    deviation: answering((answer) => ({ ...answer, link: `https://ada:${credential}@metrics.example/` })),
    fails: ["nothing that it says holds what it is asked with"],
  },
};

async function goodAnswer(all: MetricReading["series"], answer: Promise<MetricReading>): Promise<MetricReading> {
  return { ...(await answer), series: all };
}
