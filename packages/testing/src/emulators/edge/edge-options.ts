import * as z from "zod";
import type { ListenOptions } from "../shared/http-emulator.js";

/** How an emulated edge behaves; can be changed while it runs. */
export interface EdgeSettings {
  /** Which shares it sends. Default `any`. */
  readonly weights: "any" | "staged" | "none";
}

/** What an emulated edge is started with. */
export interface EdgeEmulatorOptions extends ListenOptions {
  /** What its admin API expects as a bearer. Default "edgeToken". */
  readonly token?: string;
  /** `manual`: time stands still but for `advance`. Default "real". */
  readonly clock?: "real" | "manual";
  readonly settings?: Partial<EdgeSettings>;
}

export const edgeSettingsSchema = z.strictObject({ weights: z.enum(["any", "staged", "none"]).default("any") });

export const edgeOptionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().optional(),
  token: z.string().min(1).default("edgeToken"),
  clock: z.enum(["real", "manual"]).default("real"),
  settings: edgeSettingsSchema.default(() => edgeSettingsSchema.parse({})),
});
