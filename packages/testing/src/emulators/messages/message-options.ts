import * as z from "zod";
import type { ListenOptions } from "../shared/http-emulator.js";

/** Whether a channel takes messages: `archived`, `removed` and `forbidden` are refused in the provider's own words. */
export type ChannelState = "active" | "archived" | "removed" | "forbidden";

/** How the sink's channels behave; can be changed while it runs. */
export interface MessageSinkSettings {
  readonly slack: ChannelState;
  readonly discord: ChannelState;
  readonly webhook: ChannelState;
}

/** What a message sink expects. */
export interface MessageSinkOptions extends ListenOptions {
  /** The last part of the Slack webhook's URL. Random by default. */
  readonly slackToken?: string;
  /** The last part of the Discord webhook's URL. Random by default. */
  readonly discordToken?: string;
  /** What signed webhooks are signed with: `whsec_` and base64. Random by default. */
  readonly webhookSecret?: string;
  /** `manual`: time stands still but for `advance`. Signatures are always checked against the machine's clock. Default "real". */
  readonly clock?: "real" | "manual";
  readonly settings?: Partial<MessageSinkSettings>;
}

const channelState = z.enum(["active", "archived", "removed", "forbidden"]).default("active");

export const messageSettingsSchema = z.strictObject({ slack: channelState, discord: channelState, webhook: channelState });

export const messageOptionsSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().optional(),
  slackToken: z.string().min(1).optional(),
  discordToken: z.string().min(1).optional(),
  webhookSecret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+=*$/, "write whsec_ and base64")
    .optional(),
  clock: z.enum(["real", "manual"]).default("real"),
  settings: messageSettingsSchema.default(() => messageSettingsSchema.parse({})),
});
