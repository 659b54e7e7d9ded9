import { definePlugin, type Notification, type Notifier, type PluginFactory, type SecretReference } from "@fairlead/core";
import * as z from "zod";
import { cut, fitting } from "./cut.js";
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
  setup: ({ webhook }, { name, clock, redact }) => {
    const notifier: Notifier = {
      description: `Discord (${name})`,
      keyed: false,
      async deliver(notification, call) {
        // Without `wait` Discord acknowledges messages that it does not keep.
        const { json } = await post(
          { channel: name, url: webhook, query: { wait: "true" }, body: JSON.stringify(discordMessage(notification)), clock, redact },
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
function discordMessage({ severity, title, text, fields, links, at }: Notification): object {
  const addresses = fitting(
    links.map(({ name, url }) => `${cut(name, 64, escapeDiscord)}: ${url}`),
    600,
  );
  const description = [cut(text, 1_500, escapeDiscord), addresses].filter((part) => part !== "").join("\n\n");
  return {
    // Commit messages and branch names come from anybody: nothing in them may mention.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: cut(title, 256, escapeDiscord),
        ...(description === "" ? {} : { description }),
        color: colors[severity],
        timestamp: at,
        fields: fields
          .slice(0, 10)
          .map(({ name, value }) => ({ name: cut(name, 64, escapeDiscord), value: cut(value, 280, escapeDiscord), inline: true })),
      },
    ],
  };
}

/** Takes from a text what it means in Markdown, above all links under another name. Addresses stay as they are, so that they can be followed. */
function escapeDiscord(text: string): string {
  return text.replaceAll(/https?:\/\/[^\s<>()[\]*~`|\\]+|[\\*_~`|<>[\]()#-]/g, (found) => (found.length > 1 ? found : `\\${found}`));
}
