import type { CallOptions, CandidateSubject, Check, CheckResult } from "@fairlead/core";
import type { ChecksFixture } from "../../src/conformance/checks/fixture.js";

/** What is asked about, and all instances know. */
export interface Place {
  state: "well" | "refusing" | "broken" | "silent";
  /** Questions that are being answered. */
  asked: number;
}

/** What a check does otherwise than the good one. Called once for each check of each instance. */
export type Deviation = (good: Check, place: Place) => Check;

/** What the place is asked with. */
export const secret = "k3xQ-9vLm2-Zt7p";

const candidate: CandidateSubject = {
  application: "shop",
  environment: "production",
  component: "web",
  role: "web",
  live: true,
  candidate: { id: "candidate-1" },
  release: {
    id: "rel_1",
    application: "shop",
    createdAt: "2026-01-01T00:00:00.000Z",
    provenance: {},
    artifacts: {},
    migrations: [],
    contentDigest: "sha256:1",
  },
};

/** A check of each scope, good ones unless they deviate, and what they ask about. */
export function createFixture(deviation: Deviation = (good) => good): ChecksFixture {
  const place: Place = { state: "well", asked: 0 };
  const enter = (state: Place["state"]) => (): void => {
    place.state = state;
  };
  const again = (): readonly Check[] => goodChecks(place).map((good) => deviation(good, place));
  const subject = { troubles: { refusing: enter("refusing"), broken: enter("broken") }, silence: enter("silent"), recover: enter("well") };
  const checks = again();
  return {
    checks,
    again,
    subjects: Object.fromEntries(checks.map(({ name }) => [name, subject])),
    candidate,
    impostor: { ...candidate, release: { ...candidate.release, id: "rel_2" } },
    secrets: [secret],
    dispose: () => undefined,
  };
}

/** The same with one check that asks about itself and is never asked anything else. */
export function bare(): ChecksFixture {
  let isWell = true;
  const check: Check = {
    name: "memory",
    scope: "application",
    kind: "process",
    run: () => (isWell ? { status: "up" } : { status: "down", reason: "memory_low" }),
  };
  const subject = { troubles: { low: () => (isWell = false) }, recover: () => (isWell = true) };
  return { checks: [check], again: () => [check], subjects: { memory: subject }, secrets: [], dispose: () => undefined };
}

function goodChecks(place: Place): readonly Check[] {
  return [
    { name: "fake", scope: "application", timeout: "200ms", run: (call) => answer(place, call) },
    { name: "fake-provider", scope: "provider", timeout: "200ms", interval: "1m", run: (call) => answer(place, call) },
    {
      name: "fake-release",
      scope: "candidate",
      timeout: "200ms",
      async run({ release }, call) {
        if (release.id !== candidate.release.id) return { status: "down", reason: "other_release" };
        return answer(place, call);
      },
    },
  ];
}

async function answer(place: Place, { signal }: CallOptions): Promise<CheckResult> {
  signal.throwIfAborted();
  if (place.state === "refusing") return { status: "down", reason: "refused", message: "It refuses.", hint: "Let it." };
  if (place.state === "broken") return { status: "down", reason: "http_500", message: "It answered 500." };
  if (place.state === "silent") await abortOf(signal);
  place.asked += 1;
  await Promise.resolve();
  place.asked -= 1;
  return { status: "up", data: { latency: 1 } };
}

async function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("aborted"));
    });
  });
}

/** The same check with another answer. */
export function answering(
  good: Check,
  change: (ask: () => Promise<CheckResult>, call: CallOptions, subject?: CandidateSubject) => Promise<CheckResult>,
): Check {
  if (good.scope === "candidate") return { ...good, run: (subject, call) => change(async () => good.run(subject, call), call, subject) };
  return { ...good, run: (call: CallOptions) => change(async () => good.run(call), call) };
}
