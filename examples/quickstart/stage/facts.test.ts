import { expect, test } from "vitest";
import { factsOf, type Evidence } from "./facts.ts";
import type { Sample } from "./samples.ts";
import type { Story } from "./story.ts";

/** The candidate of a release at the provider. */
const candidateOf = (release: string): string => `dpl_${release}`;

function story(release: string, more: Partial<Story> = {}): Story {
  const isGood = release === "1" || release === "2";
  return {
    release,
    name: `Release ${release}`,
    exitCode: isGood ? 0 : 4,
    took: 8_000,
    startedAt: Number(release) * 10_000,
    deploymentId: `dep_${release}`,
    releaseId: `rel_${release}`,
    candidate: candidateOf(release),
    end: isGood ? "promoted" : "rolled-back",
    applied: null,
    promote: release === "3" ? null : { from: Number(release) * 10_000 + 3_000, to: Number(release) * 10_000 + 3_300 },
    verdict: isGood ? null : { at: Number(release) * 10_000 + 5_000, step: release === "3" ? "web.verify" : "bake", reason: "not well" },
    backAt: release === "4" ? 45_400 : null,
    endedAt: Number(release) * 10_000 + 7_000,
    ...more,
  };
}

/** What the client gets, if all goes well: every second, from the first promote on. */
function samples(): readonly Sample[] {
  const at = (time: number, release: string | null): Sample => ({
    sentAt: time,
    receivedAt: time + 5,
    status: release === null ? 404 : 200,
    release,
    problem: null,
  });
  const served = (time: number): string | null => {
    if (time < 13_200) return null;
    if (time < 23_200) return "1";
    return time < 43_200 || time > 45_300 ? "2" : "4";
  };
  return Array.from({ length: 40 }, (_, index) => at(10_000 + index * 1_000, served(10_000 + index * 1_000)));
}

function served(all: readonly Sample[]): Evidence["vercel"]["served"] {
  return all.map(({ sentAt, status, release }) => ({
    at: sentAt + 2,
    host: "shop.example",
    path: "/version.json",
    deploymentId: release === null ? null : candidateOf(release),
    production: true,
    status: status ?? 0,
    bytes: 20,
    sha256: `digest ${release ?? "none"}`,
  }));
}

const host = {
  deploymentId: "dep_host",
  phase: "succeeded",
  drivers: [41, 42],
  before: { candidate: "host-before", pid: 41, health: "http://127.0.0.1:1/api/health" },
  after: { candidate: "host-2", pid: 42, health: "http://127.0.0.1:2/api/health" },
  handedOverIn: 300,
  took: 2_000,
};

const change: NonNullable<Evidence["change"]> = {
  refused: { exitCode: 1, took: 1_500, said: ["0003_priority.sql:1: …", "In two steps: …"], touched: false },
  steps: [
    { exitCode: 0, applied: ["0003_priority"] },
    { exitCode: 0, applied: ["0004_priority_required"] },
  ],
  took: 12_000,
  clients: { rounds: 300, errors: [] },
};

function evidence(more: Partial<Evidence> = {}): Evidence {
  const all = more.samples ?? samples();
  const moves = [
    { at: 43_100, to: candidateOf("4"), from: candidateOf("2") },
    { at: 45_200, to: candidateOf("2"), from: candidateOf("4") },
  ];
  const stories = ["1", "2", "3", "4"].map((release) => story(release));
  return {
    stories,
    samples: all,
    vercel: {
      requests: [],
      effects: moves.map(({ at, to, from }, index) => ({
        sequence: index + 1,
        at,
        kind: "production.moved",
        subject: to,
        details: { to, from },
      })),
      served: served(all),
    },
    path: "/version.json",
    bodies: Object.fromEntries(["1", "2", "3", "4"].map((release) => [release, `digest ${release}`])),
    deliveries: stories.flatMap(({ deploymentId, end }) =>
      ["deployment.created", ...(end === "promoted" ? ["deployment.succeeded"] : ["rollback.started", "deployment.rolled-back"])].map(
        (event) => ({ deploymentId: deploymentId ?? "", event, title: event, at: { slack: 1, email: 1, webhook: 1 } }),
      ),
    ),
    refusedWebhooks: 0,
    work: { queued: 40, done: 40, repeated: 0, byRelease: { rel_1: 20, rel_2: 20 } },
    host,
    change,
    ...more,
  };
}

/** The names of the facts that do not hold. */
function untrue(given: Evidence): readonly string[] {
  return factsOf(given).flatMap(({ name, holds }) => (holds ? [] : [name]));
}

/** The same samples, with one of them changed. */
function withSample(index: number, change: Partial<Sample>): readonly Sample[] {
  return samples().map((sample, position) => (position === index ? { ...sample, ...change } : sample));
}

function withStory(release: string, change: Partial<Story>): Partial<Evidence> {
  return { stories: ["1", "2", "3", "4"].map((one) => (one === release ? story(one, change) : story(one))) };
}

test("a run in which all went well leaves nothing to say", () => {
  expect(untrue(evidence())).toEqual([]);
});

test.each<[string, Partial<Evidence>, RegExp]>([
  ["release 3 is seen once", { samples: withSample(30, { release: "3" }) }, /Release 3 was never served/],
  ["release 4 is seen before its promote", { samples: withSample(30, { release: "4" }) }, /Release 4 .* only/],
  ["release 4 is seen after its rollback", { samples: withSample(38, { release: "4" }) }, /Release 4 .* only/],
  ["the old content is late", withStory("4", { verdict: { at: 40_500, step: "bake", reason: "" } }), /The old content/],
  ["the old content never comes back", { samples: samples().slice(0, 36) }, /The old content/],
  ["a connection breaks", { samples: withSample(20, { status: null, release: null, problem: "ECONNRESET" }) }, /No request was lost/],
  ["a request is answered with 503", { samples: withSample(20, { status: 503, release: null }) }, /No request was lost/],
  ["the page is gone for a moment", { samples: withSample(20, { status: 404, release: null }) }, /No request was lost/],
  ["a bad release ends with success", withStory("4", { exitCode: 0, end: "promoted" }), /took themselves back/],
  ["a good release is taken back", withStory("2", { exitCode: 4, end: "rolled-back" }), /took themselves back/],
  ["a signature is not valid", { refusedWebhooks: 1 }, /Slack, e-mail and webhook/],
  ["a message is missing", { deliveries: evidence().deliveries.slice(1) }, /Slack, e-mail and webhook/],
  ["a job is done twice", { work: { queued: 40, done: 40, repeated: 1, byRelease: {} } }, /The worker/],
  ["the shop's own process is not replaced", { host: { ...host, phase: "rolled_back" } }, /The shop's own process/],
  ["the shop's own process finishes it itself", { host: { ...host, drivers: [41] } }, /The shop's own process/],
  [
    "what would break the release touches something",
    { change: { ...change, refused: { ...change.refused, touched: true } } },
    /was refused untouched/,
  ],
  ["it is refused without a way", { change: { ...change, refused: { ...change.refused, said: [] } } }, /was refused untouched/],
  [
    "who writes meanwhile gets an error",
    { change: { ...change, clients: { rounds: 300, errors: ["not null"] } } },
    /In two steps it went through/,
  ],
  ["the second step is not taken", { change: { ...change, steps: change.steps.slice(0, 1) } }, /In two steps it went through/],
  ["a job is left", { work: { queued: 40, done: 39, repeated: 0, byRelease: {} } }, /The worker/],
])("it is noticed when %s", (_, change, expected) => {
  expect(untrue(evidence(change)).join("\n")).toMatch(expected);
});

test("the client and the emulator must tell the same", () => {
  const { vercel } = evidence();
  const other = vercel.served.map((record, index) => (index === 20 ? { ...record, sha256: "digest 3" } : record));

  expect(untrue(evidence({ vercel: { ...vercel, served: other } }))).toEqual([expect.stringContaining("ledger")]);
});

test("what production served of release 3 counts by any path", () => {
  const { vercel } = evidence();
  const page = { ...vercel.served[20]!, path: "/", deploymentId: candidateOf("3") };

  expect(untrue(evidence({ vercel: { ...vercel, served: [...vercel.served, page] } }))).toEqual([expect.stringContaining("Release 3")]);
});

test("a shop without a worker has no worker to judge", () => {
  expect(factsOf(evidence({ work: undefined })).map(({ name }) => name)).not.toContainEqual(expect.stringContaining("worker"));
});
