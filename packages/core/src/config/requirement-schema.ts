import * as z from "zod";
import { durationOption } from "../metrics/source-options.js";

const release = z
  .string()
  .regex(/^(?:rel_[0-9a-z]{26}|[0-9a-f]{7,40})$/, "Expected the id of a release, or at least seven digits of a commit");

/** What a requirement must look like. */
export const requirementSchema = z
  .strictObject({
    application: z.string().regex(/^[a-z][a-z0-9-]*$/, "Expected the name of an application"),
    environment: z.string().min(1).optional(),
    release: release.optional(),
    atLeast: release.optional(),
    orElse: z.enum(["wait", "refuse"]).optional(),
    within: durationOption.optional(),
  })
  .refine((options) => options.release === undefined || options.atLeast === undefined, {
    error: "Expected one of `release` and `atLeast`",
  });
