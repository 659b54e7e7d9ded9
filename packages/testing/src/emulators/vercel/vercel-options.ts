import * as z from "zod";
import type { ListenOptions } from "../shared/http-emulator.js";
import { vercelSettingsSchema, type VercelSettings } from "./vercel-settings.js";

/** What an emulated Vercel account holds at the start. */
export interface VercelEmulatorOptions extends ListenOptions {
  /** The access token that it expects. Default "emulatorToken". */
  readonly token?: string;
  /** The team that everything belongs to. Default id team_emulator, slug "emulated". */
  readonly team?: { readonly id: string; readonly slug: string; readonly name: string };
  /** Projects that exist. Each also serves `<name>.vercel.app`; others come to exist with their first deployment. */
  readonly projects?: readonly { readonly name: string; readonly domains?: readonly string[] }[];
  /** `manual`: time stands still but for `advance`. Default "real". */
  readonly clock?: "real" | "manual";
  readonly settings?: Partial<VercelSettings>;
}

export const vercelOptionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().optional(),
  token: z.string().min(1).default("emulatorToken"),
  team: z
    .strictObject({ id: z.string(), slug: z.string(), name: z.string() })
    .default({ id: "team_emulator", slug: "emulated", name: "Emulated team" }),
  projects: z.array(z.strictObject({ name: z.string(), domains: z.array(z.string()).default([]) })).default([]),
  clock: z.enum(["real", "manual"]).default("real"),
  settings: vercelSettingsSchema.default(() => vercelSettingsSchema.parse({})),
});

/** Options with every default filled in. */
export type ParsedVercelOptions = z.infer<typeof vercelOptionsSchema>;
