import type { LogEntry } from "../../src/contract/deployment-events.js";
import type { Plan } from "../../src/contract/plan.js";
import { approvalsOutlook, stepsOutlook, type PlanOutlook } from "../../src/history/index.js";
import { wayBack } from "../../src/machine/index.js";
import type { Deployer, EnvironmentStatus } from "../../src/deployer/types.js";

type LogLine = LogEntry & { readonly deploymentId: string };

export interface FakeDeployer extends Deployer {
  /** What was called with what, in order; `on…` and `useSecrets` left out. */
  readonly calls: readonly (readonly [method: string, input: unknown])[];
  say(line: Partial<LogLine>): void;
}

/** A status in which everything is as it should be. */
export function fakeStatus(more: Partial<EnvironmentStatus> = {}): EnvironmentStatus {
  return {
    environment: "production",
    release: null,
    components: [
      {
        component: "web",
        target: "vercel",
        serving: { component: "web", known: true, candidate: "dpl_2", release: "rel_served", note: null },
        expected: "dpl_2",
        drifted: false,
      },
    ],
    running: null,
    last: null,
    queue: [],
    freeze: null,
    pin: null,
    rollbackTargets: [],
    waiting: [],
    deadLetters: [],
    ...more,
  };
}

/** An outlook of a plan in an environment where nothing was deployed before. */
export function fakeOutlook(plan: Plan, more: Partial<PlanOutlook> = {}): PlanOutlook {
  return {
    steps: stepsOutlook(plan, []),
    duration: { count: 0, median: null, p90: null },
    wayBack: wayBack({ plan }),
    approvals: approvalsOutlook(plan),
    freezes: [],
    running: null,
    queued: 0,
    ...more,
  };
}

type Methods = Omit<
  Deployer,
  "application" | "environments" | "commandGroups" | "store" | "on" | "onAny" | "onLog" | "useSecrets" | typeof Symbol.asyncDispose
>;

/** A deployer of the application `shop` that does what the test says and writes down what it was asked. What the test does not give must not be called. */
export function createFakeDeployer(methods: Partial<Methods> = {}, environments: readonly string[] = ["production"]): FakeDeployer {
  const calls: (readonly [string, unknown])[] = [];
  const listeners = new Set<(line: LogLine) => unknown>();
  const method =
    <Name extends keyof Methods>(name: Name) =>
    async (...parameters: Parameters<Methods[Name]>): Promise<never> => {
      calls.push([name, parameters[0]]);
      const given = methods[name] as ((...values: typeof parameters) => Promise<never>) | undefined;
      if (given === undefined) throw new Error(`${name} was not expected to be called`);
      return given(...parameters);
    };
  return {
    application: "shop",
    environments,
    calls,
    redact: (text) => text,
    say(line) {
      const entry = {
        at: "2026-11-21T10:00:00.000Z",
        level: "info",
        step: null,
        message: "",
        fields: {},
        deploymentId: "",
        ...line,
      } as const;
      for (const listener of listeners) listener(entry);
    },
    useSecrets: () => undefined,
    store: { description: "a shared store", shared: true },
    on: () => () => undefined,
    onAny: () => () => undefined,
    onLog: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    validate: method("validate"),
    plan: method("plan"),
    outlook: methods.outlook === undefined ? (plan) => Promise.resolve(fakeOutlook(plan)) : method("outlook"),
    deploy: method("deploy"),
    request: method("request"),
    requested: method("requested"),
    pendingRequests: method("pendingRequests"),
    rollback: method("rollback"),
    adopt: method("adopt"),
    recover: method("recover"),
    prune: method("prune"),
    statusPage: method("statusPage"),
    commandGroups: [],
    runCommand: method("runCommand"),
    redeliver: method("redeliver"),
    messages: method("messages"),
    abort: method("abort"),
    pause: method("pause"),
    resume: method("resume"),
    advance: method("advance"),
    advanceAll: method("advanceAll"),
    approve: method("approve"),
    reject: method("reject"),
    release: method("release"),
    freeze: method("freeze"),
    unfreeze: method("unfreeze"),
    unpin: method("unpin"),
    takeBack: method("takeBack"),
    retry: method("retry"),
    abandon: method("abandon"),
    deployment: method("deployment"),
    status: methods.status === undefined ? () => Promise.resolve(fakeStatus()) : method("status"),
    history: method("history"),
    statistics:
      methods.statistics === undefined
        ? () => Promise.resolve({ since: "2026-10-22T10:00:00.000Z", until: "2026-11-21T10:00:00.000Z", environments: [], pruned: [] })
        : method("statistics"),
    explain: method("explain"),
    changes: method("changes"),
    logs: method("logs"),
    exportJournal: method("exportJournal"),
    verifyJournal: method("verifyJournal"),
    doctor: method("doctor"),
    health: method("health"),
    work: method("work"),
    close: methods.close === undefined ? (options) => (calls.push(["close", options]), Promise.resolve()) : method("close"),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
