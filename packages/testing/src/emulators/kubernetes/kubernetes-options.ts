import { toMilliseconds, type Duration } from "@fairlead/core";
import * as z from "zod";
import { durationSchema } from "../shared/duration-schema.js";
import type { ListenOptions } from "../shared/http-emulator.js";

/** How the controllers behave; can be changed while it runs. */
export interface KubernetesSettings {
  /** How long what was changed takes until it is rolled out, in milliseconds. */
  readonly rolloutAfter: number;
  /** What becomes of it then: done, never done, or failed. */
  readonly rollouts: "complete" | "stuck" | "failed";
}

export interface KubernetesEmulatorOptions extends ListenOptions {
  /** Namespaces that are there besides `default`. */
  readonly namespaces?: readonly string[];
  readonly settings?: { readonly rolloutAfter?: Duration; readonly rollouts?: KubernetesSettings["rollouts"] };
  /** `manual`: time stands still but for `advance`. Default "real". */
  readonly clock?: "real" | "manual";
}

export const kubernetesSettingsSchema = z.strictObject({
  rolloutAfter: z.union([z.number().nonnegative(), durationSchema.transform((text) => toMilliseconds(text))]).default(0),
  rollouts: z.enum(["complete", "stuck", "failed"]).default("complete"),
});

export const kubernetesOptionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().optional(),
  namespaces: z.array(z.string()).default([]),
  clock: z.enum(["real", "manual"]).default("real"),
  settings: kubernetesSettingsSchema.default(() => kubernetesSettingsSchema.parse({})),
});
