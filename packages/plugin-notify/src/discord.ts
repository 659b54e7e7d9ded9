import { definePlugin, type Notification, type Notifier, type PluginFactory, type SecretReference } from "@fairlead/core";
import * as z from "zod";
import { cut } from "./cut.js";
import { post } from "./post.js";
import { secretOption } from "./secret-option.js";

export interface DiscordOptions {
  /** Address of a channel's webhook. */
  readonly webhook: SecretReference;
}

/** Tells a Discord channel through a webhook. Discord has no key for repeated messages: one whose answer was lost is posted again. */
export const discord: PluginFactory<"discord", "notifier", DiscordOptions> = definePlugin({
  id: "discord",
  provides: ["notifier"],
  options: z.strictObject({ webhook: secretOption }),
  setup: ({ webhook }, { name, clock }) => {
    const notifier: Notifier = {
      description: `Discord (${name})`,
      keyed: false,
      async deliver(notification, call) {
        // Without `wait` Discord acknowledges messages that it does not keep.
        const { json } = await post(
          { channel: name, url: webhook, query: { wait: "true" }, body: JSON.stringify(discordMessage(notification)), clock },
          call,
        );
        return typeof json === "object" && json !== null && "id" in json && typeof json.id === "string" ? { reference: json.id } : {};
      },
    };
    return { notifier };
  },
});

const colors = { info: 0x5865f2, success: 0x57f287, warning: 0xfee75c, error: 0xed4245, critical: 0xed4245 } as const;

/** Within Discord's limits: title 256 characters, description 4096, at most 25 fields of 256 and 1024, and 6000 in all. */
function discordMessage({ severity, title, text, fields, at }: Notification): object {
  return {
    // Commit messages and branch names come from anybody: nothing in them may mention.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cut(title, 256),
        ...(text === "" ? {} : { description: cut(text, 2_000) }),
        color: colors[severity],
        timestamp: at,
        fields: fields.slice(0, 10).map(({ name, value }) => ({ name: cut(name, 64), value: cut(value, 300), inline: true })),
      },
    ],
  };
}
