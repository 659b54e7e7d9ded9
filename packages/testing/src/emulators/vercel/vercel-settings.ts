import type { Duration } from "@fairlead/core";
import * as z from "zod";
import { durationSchema } from "../shared/duration-schema.js";

/** How the emulated Vercel behaves; all of it can be changed while it runs. */
export interface VercelSettings {
  /** How long a deployment is QUEUED. Default "0ms". */
  readonly queue: Duration;
  /** How long it is BUILDING. Default "50ms". */
  readonly build: Duration;
  /** From READY until its aliases are assigned. Default "0ms". */
  readonly assign: Duration;
  /** From the request of a promotion or rollback until the traffic moves. Default "50ms". */
  readonly move: Duration;
  /** How a deployment that is created from now on ends. Default READY. */
  readonly buildOutcome: "READY" | "ERROR" | "CANCELED" | "BLOCKED";
  /** What becomes of its aliases. `never` is READY for ever without them. Default "assigned". */
  readonly aliasing: "assigned" | "never" | "failed";
  /** Checks of an integration on it; failed ones keep its aliases from being assigned. Default "none". */
  readonly checks: "none" | "succeeded" | "failed";
  /** How a promotion or rollback that is requested from now on ends. Default "succeeded". */
  readonly moveOutcome: "succeeded" | "failed" | "skipped";
  /** Which production domains it moves. `as-outcome` (default): all where it succeeds, none otherwise. */
  readonly movedDomains: "as-outcome" | "all" | "first" | "none";
  /** `false`: a project's `lastAliasRequest` stays null, also after a success. Default true. */
  readonly reportAliasRequest: boolean;
  /** `hobby`: a rollback beyond the previous production deployment is refused with 402. Default "pro". */
  readonly plan: "hobby" | "pro";
  /** Who may see a deployment's own address: `sso` redirects to Vercel's login, `password` answers 401. Default "none". */
  readonly protection: "none" | "sso" | "password";
  /** The value of `x-vercel-protection-bypass` that gets through; empty: none does. */
  readonly bypassSecret: string;
}

/** Reads settings; what is left out has its default. */
export const vercelSettingsSchema = z.strictObject({
  queue: durationSchema.default("0ms"),
  build: durationSchema.default("50ms"),
  assign: durationSchema.default("0ms"),
  move: durationSchema.default("50ms"),
  buildOutcome: z.enum(["READY", "ERROR", "CANCELED", "BLOCKED"]).default("READY"),
  aliasing: z.enum(["assigned", "never", "failed"]).default("assigned"),
  checks: z.enum(["none", "succeeded", "failed"]).default("none"),
  moveOutcome: z.enum(["succeeded", "failed", "skipped"]).default("succeeded"),
  movedDomains: z.enum(["as-outcome", "all", "first", "none"]).default("as-outcome"),
  reportAliasRequest: z.boolean().default(true),
  plan: z.enum(["hobby", "pro"]).default("pro"),
  protection: z.enum(["none", "sso", "password"]).default("none"),
  bypassSecret: z.string().default(""),
});
