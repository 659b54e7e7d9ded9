import * as z from "zod";
import type { ListenOptions } from "../shared/http-emulator.js";

/** How the inbox behaves; can be changed while it runs. */
export interface SmtpInboxSettings {
  /** `false`: connections are refused, open ones are cut. Default true. */
  readonly accepting: boolean;
}

/** What an SMTP inbox expects. */
export interface SmtpInboxOptions extends ListenOptions {
  /** Default "mailer". */
  readonly user?: string;
  /** Random by default. */
  readonly password?: string;
  /** `none`: mail is taken without AUTH. Default "required" (PLAIN or LOGIN). */
  readonly authentication?: "required" | "none";
  /** Default "none". */
  readonly tls?: "none" | "starttls" | "implicit";
  /** For TLS. Self-signed for localhost by default. */
  readonly certificate?: { readonly key: string; readonly cert: string };
  /** `manual`: time stands still but for `advance`. Default "real". */
  readonly clock?: "real" | "manual";
  readonly settings?: Partial<SmtpInboxSettings>;
}

export const smtpSettingsSchema = z.strictObject({ accepting: z.boolean().default(true) });

export const smtpOptionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().optional(),
  user: z.string().min(1).default("mailer"),
  password: z.string().min(1).optional(),
  authentication: z.enum(["required", "none"]).default("required"),
  tls: z.enum(["none", "starttls", "implicit"]).default("none"),
  certificate: z.strictObject({ key: z.string(), cert: z.string() }).optional(),
  clock: z.enum(["real", "manual"]).default("real"),
  settings: smtpSettingsSchema.default(() => smtpSettingsSchema.parse({})),
});

/** Options with every default filled in. */
export type ParsedSmtpOptions = z.infer<typeof smtpOptionsSchema>;
