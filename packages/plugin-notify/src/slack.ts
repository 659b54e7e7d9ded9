import { definePlugin, fail, type Notification, type Notifier, type PluginFactory, type SecretReference } from "@fairlead/core";
import * as z from "zod";
import { cut, fitting } from "./cut.js";
import { notifyErrors } from "./notify-errors.js";
import { post } from "./post.js";
import { secretOption } from "./secret-option.js";

export interface SlackOptions {
  /** Address of an incoming webhook. */
  readonly webhook: SecretReference;
}

/** Tells a Slack channel through an incoming webhook. Such a webhook has no key for repeated messages: one whose answer was lost is posted again. */
export const slack: PluginFactory<"slack", "notifier", SlackOptions> = definePlugin({
  id: "slack",
  provides: ["notifier"],
  options: z.strictObject({ webhook: secretOption }),
  setup: ({ webhook }, { name, clock, redact }) => {
    const notifier: Notifier = {
      description: `Slack (${name})`,
      keyed: false,
      async deliver(notification, call) {
        const { text } = await post({ channel: name, url: webhook, body: JSON.stringify(slackMessage(notification)), clock, redact }, call);
        if (text.trim() !== "ok") throw fail(notifyErrors, "NOTIFIER_ANSWER_STRANGE", { channel: name, answer: cut(redact(text), 80) });
        return {};
      },
    };
    return { notifier };
  },
});

const marks = { info: "⏳", success: "✅", warning: "⚠️", error: "❌", critical: "🚨" } as const;

/** Within Slack's limits: header 150 characters, section 3000, at most ten fields of 2000. */
function slackMessage({ severity, title, text, fields, links }: Notification): object {
  const heading = `${marks[severity]} ${title}`;
  const addresses = fitting(
    links.map(({ name, url }) => escapeSlack(`${name}: ${url}`)),
    3_000,
  );
  return {
    text: cut(heading, 150, escapeSlack),
    unfurl_links: false,
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(heading, 150), emoji: true } },
      ...(text === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: cut(text, 3_000, escapeSlack) } }]),
      ...(fields.length === 0 ? [] : [{ type: "section", fields: fields.slice(0, 10).map((field) => slackField(field)) }]),
      ...(addresses === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: addresses } }]),
    ],
  };
}

function slackField({ name, value }: Notification["fields"][number]): object {
  return { type: "mrkdwn", text: `*${cut(name, 200, escapeSlack)}*\n${cut(value, 1_700, escapeSlack)}` };
}

/** Commit messages and branch names come from anybody: nothing in them may mention or link. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
