import * as z from "zod";

/** What requests of the deploy API may say, and what answers look like: checked, and documented, by the same schemas. */

const environment = z
  .string()
  .min(1)
  .max(200)
  .describe("Name of an environment; of an instance of a template the whole, e.g. preview/pr-12");
const reason = z.string().max(2_000).describe("Why, for the journal");
const deploymentId = z.string().min(1).max(100);
const imageReference = z.string().min(1).max(500).describe("An image, e.g. registry.example.com/shop/web:1.4");
const at = z.iso.datetime();

export const deploymentPath = z.strictObject({ deploymentId });

export const triggerBody = z.strictObject({
  environment,
  branch: z.string().min(1).max(500).optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/i, "is not a commit")
    .optional(),
  source: z
    .union([imageReference, z.record(z.string().max(100), imageReference)])
    .describe("The image, or images by component. Default: what the application says for the commit, else what is configured")
    .optional(),
  reason: reason.optional(),
});

export const rollbackBody = z.strictObject({
  environment,
  targetDeploymentId: deploymentId
    .describe("Whose release is to serve again. Default: the newest retained one whose probe passes")
    .optional(),
  reason: reason.optional(),
});

export const wordBody = z.strictObject({
  reason: reason.optional(),
  digest: z.string().max(100).describe("Of what was shown; where something else is asked meanwhile, the word is refused").optional(),
});

export const abortBody = z.strictObject({ reason: reason.optional() });

export const historyQuery = z.strictObject({
  environment: environment.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(500).describe("`next` of the page before").optional(),
});

export const statusQuery = z.strictObject({
  logs: z.coerce.number().int().min(0).max(5_000).default(200).describe("How many of the last lines of the log"),
});

export const eventsQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/, "is not an id of an event")
    .describe("Like `Last-Event-ID`")
    .optional(),
});

/** The phase in one of a few words. */
export const statusWord = z.enum(["pending", "running", "succeeded", "failed", "rolled_back", "cancelled", "needs_attention"]);

/** Of a request, and of a deployment. */
const phase = z.enum([
  ...["requested", "refused"],
  ...["queued", "awaiting_approval", "held", "running", "rolling_back", "needs_attention", "succeeded", "rolled_back", "failed"],
  ...["cancelled", "superseded", "rejected", "expired", "abandoned"],
] as const);

export const accepted = z.strictObject({
  deploymentId,
  environment,
  status: statusWord,
  joined: z.boolean().describe("Whether the same was asked for before, with the same key"),
  driver: z.string().nullable().describe("The worker that is there to carry it out"),
  hint: z.string().nullable(),
  statusUrl: z.string(),
  eventsUrl: z.string(),
});

const shownError = z.object({ code: z.string(), message: z.string(), hint: z.string() });

const logLine = z.strictObject({
  at,
  level: z.enum(["info", "warn", "error"]),
  step: z.string().nullable(),
  message: z.string(),
});

const waitsFor = z.enum(["worker", "queue", "hold", "approval", "attention", "time", "freeze", "requirement", "inconclusive"]);

export const deploymentStatus = z.strictObject({
  deploymentId,
  environment,
  kind: z.enum(["deploy", "rollback", "adopt"]),
  status: statusWord,
  phase: phase.describe("In full: requested, refused, or the phase of the deployment"),
  outcome: z.string().nullable(),
  release: z.string().nullable(),
  previousRelease: z.string().nullable(),
  commit: z.string().nullable(),
  branch: z.string().nullable(),
  actor: z.string(),
  reason: z.string().nullable(),
  driver: z.string().nullable(),
  createdAt: at,
  endedAt: at.nullable(),
  progress: z.strictObject({
    percent: z.number().int().min(0).max(100),
    completed: z.number().int(),
    total: z.number().int(),
    steps: z.array(
      z.strictObject({
        step: z.string(),
        stage: z.string(),
        description: z.string(),
        status: z.enum(["waiting", "started", "deferred", "interrupted", "succeeded", "failed", "undone"]),
        reason: z.string().nullable(),
      }),
    ),
  }),
  waitingFor: z
    .strictObject({
      what: waitsFor,
      reason: z.string(),
      digest: z.string().nullable().describe("What a word of approval is bound to"),
      summary: z.array(z.string()),
    })
    .nullable(),
  error: shownError.nullable(),
  logs: z.array(logLine),
});

const historyLine = z.strictObject({
  deploymentId,
  environment,
  kind: z.enum(["deploy", "rollback", "adopt"]),
  status: statusWord,
  phase,
  outcome: z.string().nullable(),
  release: z.string(),
  commit: z.string().nullable(),
  actor: z.string(),
  reason: z.string().nullable(),
  error: z.string().nullable(),
  createdAt: at,
  endedAt: at.nullable(),
  duration: z.number().nullable().describe("In milliseconds, without what it waited"),
});

export const historyPage = z.strictObject({ deployments: z.array(historyLine), next: z.string().nullable() });

/** An error as RFC 9457 has it. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  hint: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});

export type StatusWord = z.infer<typeof statusWord>;
export type DeploymentStatus = z.infer<typeof deploymentStatus>;
export type HistoryLine = z.infer<typeof historyLine>;
