import { describe, expect, test } from "vitest";
import type { DeploymentSummary, EnvironmentStatus } from "../../deployer/types.js";
import type { Explanation, ReleaseChanges } from "../../history/index.js";
import type { Phase } from "../../machine/index.js";
import type { DeploymentStatus } from "../deploy/schemas.js";
import { changesSection } from "./changes-section.js";
import { deploymentPage, type DeploymentView } from "./deployment-page.js";
import { listPage, type ListView } from "./list-page.js";
import { rollbackPage } from "./rollback-page.js";
import { shortened } from "../../status/page/shortened.js";
import { said } from "./said.js";

const attack = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>\u202e\u2067\u001b[31m`;
/** Of everything that is bad in one text, 10,000 characters. */
const hostile = attack.repeat(Math.ceil(10_000 / attack.length)).slice(0, 10_000);
const at = "2026-01-01T00:00:00.000Z";
const frame = { application: hostile, base: "/deployments", statusPage: "/status", who: hostile };

const changes: ReleaseChanges = {
  from: hostile,
  to: hostile,
  commits: {
    ...{ from: hostile, to: `${hostile}!` },
    between: {
      added: { listed: Array.from({ length: 30 }, () => ({ commit: hostile, author: hostile, subject: hostile })), more: 70 },
      dropped: { listed: Array.from({ length: 30 }, () => ({ commit: hostile, author: hostile, subject: hostile })), more: 70 },
    },
  },
  branches: { from: hostile, to: hostile },
  message: hostile,
  components: Array.from({ length: 100 }, () => ({ component: hostile, change: "changed", from: hostile, to: hostile })),
  migrations: {
    added: Array.from({ length: 100 }, () => ({ id: hostile, checksum: "", phase: "expand" })),
    removed: Array.from({ length: 100 }, () => ({ id: hostile, checksum: "", phase: "contract" })),
  },
  variables: Array.from({ length: 100 }, () => ({ component: hostile, name: hostile, change: "added" })),
  others: true,
};

const summary: DeploymentSummary & { readonly digest: string } = {
  ...{ id: hostile, environment: hostile, kind: "deploy", phase: "failed", outcome: null, release: hostile, previousRelease: null },
  ...{ cause: null, exposed: false, waited: 0, restoredIn: null, createdAt: at, endedAt: at, commit: hostile, actor: hostile },
  ...{ reason: hostile, error: hostile, digest: hostile },
};

const release = {
  ...{ id: hostile, application: hostile, createdAt: at, provenance: { commit: hostile, branch: hostile, message: hostile } },
  ...{ artifacts: {}, migrations: [], contentDigest: "" },
};

const status: EnvironmentStatus = {
  environment: hostile,
  release: { release, candidates: {}, deploymentId: hostile, at },
  components: [],
  running: {
    ...{ deploymentId: hostile, phase: "running", holder: null, since: at, attention: null, paused: null, stopping: null },
    ...{ steps: [{ step: hostile, description: hostile }], wayBack: null, waiting: [] },
  },
  last: summary,
  queue: Array.from({ length: 200 }, () => ({ ...summary, phase: "awaiting_approval" as const })),
  freeze: { reason: hostile, until: at },
  pin: { release: hostile, deploymentId: hostile, actor: hostile, reason: hostile },
  rollbackTargets: Array.from({ length: 100 }, (_, index) => ({
    ...{ release: hostile, servedUntil: at, retained: null, outside: index % 2 === 0 ? null : hostile },
  })),
  waiting: [],
  deadLetters: [],
};

const database = { isKnown: true, migrations: [hostile], unsafe: Array.from({ length: 100 }, () => hostile) };

function viewOf(phase: Phase): DeploymentView {
  const many = Array.from({ length: 500 }, () => hostile);
  const steps: Explanation["steps"] = many.map((_, index) => ({
    ...{ id: `${hostile}${String(index)}`, stage: "provision", description: hostile, attempts: 3, took: 1_000, undoTook: 1_000 },
    fate: index < 100 ? "done" : index === 100 ? "failed" : "not-begun",
  }));
  const shown: DeploymentStatus = {
    ...{ deploymentId: hostile, environment: hostile, kind: "deploy", status: "running", phase, outcome: null },
    ...{ release: hostile, previousRelease: hostile, commit: hostile, branch: hostile, actor: hostile, reason: hostile },
    ...{ driver: hostile, createdAt: at, endedAt: null, logs: [] },
    progress: {
      ...{ percent: 1, completed: 100, total: 500 },
      steps: steps.map(({ id: step }) => ({ step, stage: "provision", description: hostile, status: "failed" as const, reason: hostile })),
    },
    waitingFor: { what: "approval", reason: hostile, digest: hostile, summary: many },
    error: { code: hostile, message: hostile, hint: hostile },
  };
  const explanation: Explanation = {
    ...{ deploymentId: hostile, application: hostile, environment: hostile, kind: "deploy", phase, outcome: null, summary: hostile },
    ...{
      beginning: hostile,
      actor: { name: hostile, via: "api" },
      reason: hostile,
      from: hostile,
      to: hostile,
      createdAt: at,
      endedAt: null,
    },
    duration: { total: 5_000, working: 1_000, waited: { people: 4_000, queue: 0, freeze: 0, pause: 0, requirement: 0 } },
    steps,
    waits: [null, at].map((to) => ({ for: "people", what: hostile, said: many, from: at, to, took: 1_000 })),
    verdict: { good: false, evidence: many },
    ...{ failures: many, takenBack: many, serving: hostile },
    options: many.map(() => ({ command: hostile, does: hostile })),
  };
  return {
    status: shown,
    may: { approve: true, abort: true, rollBack: true },
    did: hostile,
    all: false,
    steps: undefined,
    events: "/api/deploy/events/one?after=1.0",
    begun: {
      ...{ explanation, changes, compatibility: "irreversible", warnings: many, leaves: true, returns: true, isAlone: true },
      asked: { required: 2, agreed: many },
      words: ["approve", "abort"],
      wayBack: { open: true, closes: { step: hostile, position: 7 }, asks: many, steps: 500 },
      lines: many.map((message) => ({ at, level: "error", step: message, message, fields: {} })),
    },
  };
}

const list: ListView = {
  ...{ environments: Array.from({ length: 30 }, (_, index) => `${hostile}${String(index)}`), chosen: hostile, process: "degraded" },
  shown: Array.from({ length: 8 }, () => ({
    ...{ status, mayRollBack: true, health: { words: hostile, colour: "x", link: "/status" } },
  })),
  requests: Array.from({ length: 10 }, () => ({
    ...{ id: hostile, kind: "deploy", environment: hostile, commit: hostile, branch: hostile, actor: hostile, reason: hostile },
    ...{ createdAt: at, deploymentId: null, error: null },
  })),
  deployments: Array.from({ length: 20 }, () => summary),
  ...{ isFirst: true, isPartial: false, next: hostile },
};

describe.each([
  ["a deployment that waits", () => deploymentPage(frame, viewOf("running"))],
  ["a deployment that needs a person", () => deploymentPage(frame, viewOf("needs_attention"))],
  ["a rollback", () => rollbackPage(frame, { status, to: hostile, changes, database, outside: hostile, key: "key" })],
  ["the list", () => listPage(frame, list)],
])("the page of %s", (_name, render) => {
  // What a form sends back has to be what it was, and is not shown.
  const text = new TextDecoder().decode(render().body).replaceAll(/<input type="hidden"[^>]*>/g, "");

  test("shows what others wrote as text, in its own direction, whatever it is", () => {
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text).not.toContain("<img");
    // eslint-disable-next-line no-control-regex -- These are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0008\u200e\u200f\u202a-\u202e\u2066-\u2069\u001b]/);
    expect(text).not.toMatch(/<[^>]* (style|on[a-z]+)=/);
    expect(text.match(/&lt;script&gt;alert\(1\)/g)!.length).toBeGreaterThan(5);
  });
});

test.each(["running", "needs_attention"] as const)(
  "the page of a deployment of 500 steps that is %s is less than 60 kB, however long its texts are",
  (phase) => {
    const view = viewOf(phase);
    // These are ours, or the configuration's.
    const ids = { deploymentId: "dep_1", environment: "production", release: "rel_1" };
    const waitingFor = { ...view.status.waitingFor!, digest: "sha256:0" };
    const { body } = deploymentPage(frame, { ...view, status: { ...view.status, ...ids, waitingFor } });
    expect(body.length).toBeGreaterThan(20_000);
    expect(body.length).toBeLessThan(60_000);
  },
);

test("the list is less than 60 kB, however many and however long its texts are", () => {
  // These are ours, or the configuration's.
  const ids = { id: "dep_01m81hhjcg0tnmz4ng6anmgbvz", environment: "production-of-the-north" };
  const deployments = list.deployments.map((one) => ({ ...one, ...ids }));
  const requests = list.requests.map((one) => ({ ...one, ...ids }));
  const shown = list.shown.map((one) => ({
    ...one,
    status: {
      ...one.status,
      environment: ids.environment,
      release: { ...one.status.release!, deploymentId: ids.id },
      last: { ...one.status.last!, ...ids },
      queue: one.status.queue.map((waiting) => ({ ...waiting, ...ids })),
      running: { ...one.status.running!, deploymentId: ids.id },
      pin: { ...one.status.pin!, deploymentId: ids.id },
    },
  }));
  const environments = list.environments.map((_name, index) => `${ids.environment}-${String(index)}`);
  const view = { ...list, ...{ deployments, requests, shown, environments }, chosen: ids.environment, next: "dep_x" };
  const { body } = listPage(frame, view);
  expect(body.length).toBeGreaterThan(20_000);
  expect(body.length).toBeLessThan(60_000);
});

test("a text is cut by what it weighs on the page, and never within a character", () => {
  expect(shortened("abc", 3)).toBe("abc");
  expect(shortened("abcd", 3)).toBe("abc…");
  expect(shortened('""""', 12)).toBe('""…');
  expect(shortened("😀😀", 7)).toBe("😀…");
  expect(shortened("a\u001b[31mb\u202ec\u0000", 10)).toBe("abc");
  expect(said("<b>").markup).toBe("<bdi>&lt;b&gt;</bdi>");
});

test("of long lists the first are shown, how many there are besides, and where all of them are", () => {
  const told = (view: DeploymentView) => new TextDecoder().decode(deploymentPage(frame, view).body);
  const view = viewOf("needs_attention");
  const begun = { ...view.begun!, warnings: Array.from({ length: 9 }, (_, index) => `warning ${String(index)}.`) };
  const explanation = { ...begun.explanation, options: begun.warnings.map((does) => ({ command: `try ${does}`, does })) };
  const named = { ...view, status: { ...view.status, deploymentId: "dep_1", waitingFor: null }, begun: { ...begun, explanation } };
  const short = told(named);
  for (const words of ["warning 5.</bdi>", "try warning 5.", '<a href="/deployments/dep_1?all=yes">and 3 more</a>'])
    expect(short).toContain(words);
  expect(short).not.toContain("warning 6.");
  const whole = told({ ...named, all: true });
  for (const words of ["warning 8.</bdi>", "try warning 8."]) expect(whole).toContain(words);
  expect(whole).not.toContain("and 3 more");
});

test("of commits those that were not written down are counted too", () => {
  const list = (length: number, more: number) => ({
    listed: Array.from({ length }, () => ({ commit: "c", author: "Ada", subject: "s" })),
    more,
  });
  const section = (length: number, whole?: string | null) => {
    const commits = { from: "a", to: "b", between: { added: list(length, 70), dropped: list(0, 0) } };
    const nothing = { components: [], migrations: { added: [], removed: [] }, variables: [] };
    return changesSection({ ...changes, ...nothing, commits }, whole === undefined ? {} : { whole }).markup;
  };
  expect(section(30)).toContain(">and 94 more<");
  expect(section(30, "/all")).toContain('<a href="/all">and 94 more</a>');
  expect(section(30, null)).toContain(">and 70 more, which were not written down<");
  expect(section(3)).toContain(">and 70 more, which were not written down<");
});
