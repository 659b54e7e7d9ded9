import * as z from "zod";
import { analysisSchema } from "./analysis-schema.js";
import { requirementSchema } from "./requirement-schema.js";
import { smokeSchema } from "./smoke-schema.js";
import { freezeSchema } from "./freeze-schema.js";
import { isDuration } from "../time/duration.js";

const duration = z.custom<string>((value) => typeof value === "string" && isDuration(value), {
  error: 'Expected a duration such as "30s"',
});
const names = z.array(z.string());
const check = z.custom<object>((value) => typeof value === "object" && value !== null && "run" in value && "name" in value, {
  error: "Expected a check with a name and run",
});
const source = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("directory"), path: z.string().min(1) }),
  z.strictObject({ kind: z.literal("image"), reference: z.string().min(1) }),
]);

const places = z
  .array(z.string())
  .min(1)
  .refine((names) => new Set(names).size === names.length, { error: "Expected different plugins" });
const percentage = z.string().regex(/^(?:100|[1-9]?\d)(?:\.\d+)?%$/, 'Expected a share such as "25%"');
const hold = [z.strictObject({ for: duration }), z.strictObject({ until: z.literal("advanced") })] as const;
const weight = z.int().min(1).max(100);
const canarySteps = z
  .array(
    z.union(
      hold.map((one) => one.extend({ weight })),
      'Expected a share in percent and how long it stays: { weight: 10, for: "2m" }',
    ),
  )
  .min(1, "Expected at least one share")
  .refine((steps) => steps.every((step, index) => index === 0 || step.weight > (steps[index - 1]?.weight ?? 0)), {
    error: "Expected shares that grow from step to step",
  });
const strategy = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("direct") }),
  z.strictObject({ kind: z.literal("canary"), steps: canarySteps, analysis: analysisSchema.optional() }),
  z.strictObject({
    kind: z.literal("rolling"),
    batch: z.union([z.int().positive(), percentage], 'Expected a number of places, or a share such as "25%"').optional(),
    watch: duration.optional(),
    failures: z.union([z.int().nonnegative(), percentage], 'Expected a number of places, or a share such as "10%"').optional(),
    onFailure: z.enum(["take-back", "ask"]).optional(),
  }),
  z.strictObject({
    kind: z.literal("blueGreen"),
    preview: z.union(hold, 'Expected { for: "10m" } or { until: "advanced" }').optional(),
    standby: duration.optional(),
  }),
]);

/** What an environment's options must look like, whoever wrote them. What names refer to is checked besides. */
export const environmentSchema = z.strictObject({
  kind: z.enum(["development", "preview", "staging", "production"]).optional(),
  template: z.boolean().optional(),
  target: z.string().optional(),
  source: source.optional(),
  strategy: strategy.optional(),
  components: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/, "Expected a name of lower-case letters, digits and hyphens"),
      z.strictObject({
        target: z.union([z.string(), places], "Expected the name of a plugin, or several different ones"),
        role: z.enum(["web", "worker"]).optional(),
        source: source.optional(),
        after: names.optional(),
        variables: z.record(z.string(), z.string()).optional(),
        strategy: strategy.optional(),
        traffic: z.string().optional(),
      }),
    )
    .optional(),
  migrator: z.string().optional(),
  verify: z
    .strictObject({ within: duration.optional(), successes: z.int().positive().optional(), checks: z.array(check).optional() })
    .optional(),
  bake: z
    .union([
      duration,
      z.strictObject({
        for: duration,
        every: duration.optional(),
        failures: z.int().positive().optional(),
        failingFor: duration.optional(),
      }),
    ])
    .optional(),
  requires: z.array(requirementSchema).optional(),
  smoke: smokeSchema.optional(),
  analysis: analysisSchema.optional(),
  checks: z.array(check).optional(),
  notify: names.optional(),
  steps: names.optional(),
  schema: z.enum(["protected", "disposable"]).optional(),
  contract: z.enum(["next", "after-bake"]).optional(),
  approvals: z
    .strictObject({
      before: z.enum(["start", "promote"]).optional(),
      required: z.int().positive().optional(),
      expiresAfter: duration.optional(),
    })
    .optional(),
  freezes: z.array(freezeSchema).optional(),
  freezeHolds: z.enum(["start", "promote"]).optional(),
  queue: z.enum(["reject", "queue", "supersede", "preempt"]).optional(),
  retain: z.int().positive().optional(),
  rollback: z.strictObject({ within: duration.optional(), releases: z.int().positive().optional() }).optional(),
  prune: z.strictObject({ olderThan: duration, keep: z.int().nonnegative().optional() }).optional(),
  allowDirty: z.boolean().optional(),
  timeouts: z.strictObject({ prepare: duration.optional(), migrate: duration.optional(), settle: duration.optional() }).optional(),
  config: z.unknown().optional(),
});
