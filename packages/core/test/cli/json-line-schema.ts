import * as z from "zod";

const line = <Type extends string, Members extends z.ZodRawShape>(type: Type, members: Members) =>
  z.strictObject({ v: z.literal(1), type: z.literal(type), ...members });

const error = z.strictObject({
  code: z.string().regex(/^[A-Z]+(_[A-Z]+)+$/),
  message: z.string().min(1),
  hint: z.string(),
  status: z.int(),
  retryable: z.boolean(),
  data: z.record(z.string(), z.json()),
  cause: z.strictObject({ message: z.string(), code: z.string().optional() }).optional(),
});

const serving = z.strictObject({
  component: z.string(),
  known: z.boolean(),
  candidate: z.string().nullable(),
  release: z.string().nullable(),
  note: z.string().nullable(),
});

const time = z.iso.datetime();

const plan = z.looseObject({
  version: z.literal(1),
  kind: z.enum(["deploy", "rollback", "adopt"]),
  environment: z.string(),
  release: z.looseObject({ id: z.string() }),
  groups: z.array(z.looseObject({ stage: z.string(), steps: z.array(z.looseObject({ id: z.string(), description: z.string() })) })),
  digest: z.string(),
});

const checkReport = z.strictObject({
  name: z.string(),
  provider: z.string(),
  critical: z.boolean(),
  status: z.enum(["up", "degraded", "down"]),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  hint: z.string().nullable(),
  latency: z.number(),
});

const spread = z.strictObject({ count: z.int(), median: z.number().nullable(), p90: z.number().nullable() });

const wish = z.strictObject({ actor: z.string(), reason: z.string().nullable() });

const wayBack = z.strictObject({
  open: z.boolean(),
  closes: z.strictObject({ step: z.string(), position: z.int().positive() }).nullable(),
  asks: z.array(z.string()),
  steps: z.int().nonnegative(),
});

const outlook = z.strictObject({
  steps: z.array(
    z.strictObject({ id: z.string(), onRollback: z.enum(["asks", "undo", "leave", "irreversible"]), undo: z.string(), took: spread }),
  ),
  duration: spread,
  wayBack,
  approvals: z.array(z.strictObject({ required: z.int(), before: z.string(), expiresAfter: z.number() })),
  freezes: z.array(z.strictObject({ reason: z.string(), now: z.boolean(), from: time.nullable(), until: time.nullable() })),
  running: z.string().nullable(),
  queued: z.int(),
});

/** The JSON lines as docs/command-line.md describes them, written down a second time. */
export const jsonLine = z.discriminatedUnion("type", [
  line("prelude", {
    tool: z.literal("@fairlead/core"),
    version: z.string(),
    command: z.string().nullable(),
    application: z.string(),
    environment: z.string().nullable(),
    at: time,
  }),
  line("export", { file: z.string(), lines: z.int() }),
  line("verification", {
    file: z.string().nullable(),
    report: z.strictObject({
      streams: z.int(),
      events: z.int(),
      problems: z.array(z.strictObject({ stream: z.string(), message: z.string() })),
    }),
  }),
  line("event", {
    event: z.strictObject({
      type: z.string().regex(/^[a-z]+\.[a-z-]+$/),
      at: time,
      application: z.string(),
      environment: z.string(),
      deploymentId: z.string(),
      version: z.int().positive(),
      summary: z.string().min(1),
      data: z.record(z.string(), z.json()),
    }),
  }),
  line("log", {
    deploymentId: z.string(),
    entry: z.strictObject({
      at: time,
      level: z.enum(["info", "warn", "error"]),
      step: z.string().nullable(),
      message: z.string(),
      fields: z.record(z.string(), z.json()),
    }),
  }),
  line("answer", { kind: z.string().min(1), data: z.record(z.string(), z.json()) }),
  line("notice", { message: z.string().min(1) }),
  line("result", {
    result: z.strictObject({
      deploymentId: z.string(),
      environment: z.string(),
      phase: z.string(),
      outcome: z.string().nullable(),
      release: z.string(),
      previousRelease: z.string().nullable(),
      error: error.nullable(),
      failedStep: z.string().nullable(),
      attention: z
        .strictObject({
          reason: z.string(),
          errors: z.array(z.strictObject({ step: z.string(), provider: z.string().nullable(), error })),
          serving: z.array(serving),
          options: z.array(z.string()),
        })
        .nullable(),
      duration: z.number(),
    }),
    serving: z.array(serving),
  }),
  line("plan", { unchanged: z.boolean(), plan, outlook }),
  line("status", {
    status: z.strictObject({
      environment: z.string(),
      release: z.looseObject({ release: z.looseObject({ id: z.string() }), deploymentId: z.string() }).nullable(),
      components: z.array(
        z.strictObject({ component: z.string(), target: z.string(), serving, expected: z.string().nullable(), drifted: z.boolean() }),
      ),
      running: z
        .strictObject({
          deploymentId: z.string(),
          phase: z.string(),
          paused: wish.nullable(),
          stopping: wish.nullable(),
          steps: z.array(z.strictObject({ step: z.string(), description: z.string() })),
          wayBack: wayBack.nullable(),
          holder: z.string().nullable(),
          since: time,
          attention: z
            .strictObject({ reason: z.string(), errors: z.array(z.unknown()), serving: z.array(serving), options: z.array(z.string()) })
            .nullable(),
          waiting: z.array(
            z.strictObject({
              step: z.string(),
              waitingFor: z.enum(["time", "approval", "freeze", "requirement", "inconclusive"]),
              reason: z.string(),
              until: time.nullable(),
              summary: z.array(z.string()),
              digest: z.string().nullable(),
            }),
          ),
        })
        .nullable(),
      last: z.looseObject({ id: z.string() }).nullable(),
      queue: z.array(z.looseObject({ id: z.string(), phase: z.string(), digest: z.string() })),
      freeze: z.strictObject({ reason: z.string(), until: time.nullable() }).nullable(),
      pin: z.strictObject({ release: z.string(), deploymentId: z.string(), actor: z.string(), reason: z.string().nullable() }).nullable(),
      rollbackTargets: z.array(
        z.strictObject({
          release: z.string(),
          servedUntil: time,
          retained: z.boolean().nullable(),
          outside: z.string().nullable(),
        }),
      ),
      waiting: z.array(z.looseObject({ channel: z.string() })),
      deadLetters: z.array(z.looseObject({ channel: z.string() })),
    }),
  }),
  line("decision", { deploymentId: z.string(), decision: z.string(), phase: z.string() }),
  line("freeze", { environment: z.string(), reason: z.string(), until: z.string().nullable() }),
  line("unpin", { environment: z.string() }),
  line("unfreeze", { environment: z.string() }),
  line("incident", {
    ...{ environment: z.string(), id: z.string(), title: z.string(), startedAt: time },
    status: z.enum(["investigating", "identified", "monitoring", "resolved", "postmortem"]),
    impact: z.enum(["none", "minor", "major", "critical"]),
    components: z.record(z.string(), z.string()),
  }),
  line("maintenance", {
    ...{ environment: z.string(), id: z.string(), title: z.string(), from: time, until: time },
    components: z.array(z.string()),
  }),
  line("page", {
    ...{ environment: z.string(), description: z.string(), updatedAt: time },
    status: z.enum(["operational", "degraded", "outage"]),
    components: z.array(z.strictObject({ name: z.string(), status: z.string() })),
    folder: z.string().nullable(),
    files: z.int().nullable(),
  }),
  line("deployment", {
    deployment: z.looseObject({ id: z.string(), environment: z.string(), phase: z.string(), actor: z.string(), createdAt: time }),
  }),
  line("statistics", {
    statistics: z.strictObject({
      since: time,
      until: time,
      environments: z.array(
        z.strictObject({
          environment: z.string(),
          deployments: z.int(),
          succeeded: z.int(),
          failed: z.int(),
          stopped: z.int(),
          rollbacks: z.int(),
          neverBegan: z.int(),
          open: z.int(),
          successRate: z.number().min(0).max(1).nullable(),
          duration: spread,
          waiting: spread,
          timeToRollback: spread,
          changeFailureRate: z.number().min(0).max(1).nullable(),
          perWeek: z.number(),
        }),
      ),
      pruned: z.array(z.strictObject({ environment: z.string(), deployments: z.int(), until: time })),
    }),
  }),
  line("explanation", {
    explanation: z.strictObject({
      deploymentId: z.string(),
      application: z.string(),
      environment: z.string(),
      kind: z.enum(["deploy", "rollback", "adopt"]),
      phase: z.string(),
      outcome: z.string().nullable(),
      summary: z.string().min(1),
      beginning: z.string().min(1),
      actor: z.strictObject({ name: z.string(), via: z.string() }),
      reason: z.string().nullable(),
      from: z.string().nullable(),
      to: z.string(),
      createdAt: time,
      endedAt: time.nullable(),
      duration: z.strictObject({ total: z.number(), working: z.number(), waited: z.record(z.string(), z.number()) }),
      steps: z.array(
        z.strictObject({
          id: z.string(),
          stage: z.string(),
          description: z.string(),
          fate: z.string(),
          attempts: z.int(),
          took: z.number().nullable(),
          undoTook: z.number().nullable(),
        }),
      ),
      waits: z.array(
        z.strictObject({
          for: z.enum(["people", "queue", "freeze", "pause", "requirement"]),
          what: z.string(),
          said: z.array(z.string()),
          from: time,
          to: time.nullable(),
          took: z.number(),
        }),
      ),
      verdict: z.strictObject({ good: z.boolean().nullable(), evidence: z.array(z.string()) }),
      failures: z.array(z.string()),
      takenBack: z.array(z.string()),
      serving: z.string(),
      options: z.array(z.strictObject({ command: z.string(), does: z.string() })),
    }),
  }),
  line("check", { check: checkReport }),
  line("doctor", {
    report: z.strictObject({
      environment: z.string(),
      healthy: z.boolean(),
      store: z.strictObject({ description: z.string(), reachable: z.boolean(), message: z.string().nullable() }),
      problems: z.array(z.strictObject({ place: z.string(), problem: z.string(), remedy: z.string() })),
      checks: z.array(checkReport),
    }),
  }),
  line("prune", {
    removed: z.boolean(),
    environments: z.array(z.strictObject({ environment: z.string(), deployments: z.int(), from: time.nullable(), until: time.nullable() })),
    files: z.array(z.string()),
  }),
  line("redelivery", { environment: z.string(), messages: z.int() }),
  line("error", { error, world: z.string().nullable() }),
  line("summary", {
    command: z.string().nullable(),
    exitCode: z.union([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 64].map((code) => z.literal(code))),
    meaning: z.string().min(1),
    duration: z.number().nonnegative(),
    deployments: z.array(z.string()),
    next: z.array(z.string()),
  }),
]);

export type JsonLine = z.infer<typeof jsonLine>;

/** Reads an output that must be JSON lines and nothing else: a prelude, a summary, and what is between. */
export function readJsonLines(output: string): readonly JsonLine[] {
  const texts = output.split("\n");
  if (texts.pop() !== "") throw new Error("the last line is not whole");
  const lines = texts.map((text) => jsonLine.parse(JSON.parse(text)));
  const frames = lines.map(({ type }, index) => ({ type, index })).filter(({ type }) => type === "prelude" || type === "summary");
  const expected = [
    { type: "prelude", index: 0 },
    { type: "summary", index: lines.length - 1 },
  ];
  if (JSON.stringify(frames) !== JSON.stringify(expected)) throw new Error(`the frame is ${JSON.stringify(frames)}`);
  return lines;
}
