import * as z from "zod";
import { durationOption } from "../metrics/source-options.js";

const query = z.string().min(1);
const chance = z.number().min(0).max(1);

const metric = z.strictObject({
  queries: z.union([
    z.strictObject({ requests: query, events: query, noEvents: z.enum(["unknown", "zero"]).optional() }),
    z.strictObject({ histogram: query }),
    z.literal("traffic"),
  ]),
  source: z.string().optional(),
  against: z.union([z.literal("baseline"), z.strictObject({ limit: chance })]).optional(),
  percentile: chance.optional(),
  tolerance: z.number().optional(),
  negligible: chance.optional(),
  guardrail: z
    .union([
      z.literal(false),
      z.strictObject({ rate: chance, samples: z.int().positive().optional(), requests: z.number().positive().optional() }),
    ])
    .optional(),
  requests: z.number().positive().optional(),
});

/** What the options of an analysis must look like. What the judge and the plugins have against them is checked besides. */
export const analysisSchema = z.strictObject({
  metrics: z.record(z.string().min(1), metric),
  for: durationOption,
  every: durationOption.optional(),
  falseAlarm: chance.optional(),
  falsePass: chance.optional(),
  samples: z.int().positive().optional(),
  troubles: z.int().nonnegative().optional(),
  onInconclusive: z.enum(["pause", "proceed"]).optional(),
  decideWithin: durationOption.optional(),
});
