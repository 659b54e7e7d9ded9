import { secret, type AnyPlugin } from "@fairlead/core";
import { notifierSuite, type ChannelTrouble, type NotifierFixture, type ShownMessage } from "@fairlead/testing/conformance";
import { createMessageSink, createSmtpInbox, type MailRecord, type MessageRecord } from "@fairlead/testing/emulators";
import { describe, test } from "vitest";
import { discord, email, slack, webhook } from "../src/index.js";
import { notifierOf } from "./notifier-of.js";

type Channel = MessageRecord["channel"];

const tokens = { slack: "Xk2vQp8LmZr4TyNw", discord: "bH7-sD9_fKq3WcJe-Vx5", webhook: "whsec_QmF5Z1dqcDNuVHg4TGtSdjJZc0Q=" };

const hiddenLink = "[the log](https://evil.example)";

/** A fixture on a channel of the sink, which is read by what the channel's documentation says about its payloads. */
async function createFixture(
  channel: Channel,
  configure: (urls: Record<"slackUrl" | "discordUrl" | "webhookUrl", string>) => {
    plugin: AnyPlugin;
    values: Readonly<Record<string, string>>;
  },
  read: (payload: unknown) => Omit<ShownMessage, "reference">,
): Promise<NotifierFixture> {
  const sink = await createMessageSink({ slackToken: tokens.slack, discordToken: tokens.discord, webhookSecret: tokens.webhook }).listen();
  const { plugin, values } = configure(sink);
  const status = (code: number, retryAfter?: number) => () =>
    sink.fault({ kind: "status", status: code, every: true, ...(retryAfter === undefined ? {} : { retryAfter }) });
  const trouble: ChannelTrouble = {
    unreachable: () => sink.fault({ kind: "reset-before", every: true }),
    busy: status(503),
    limited: (milliseconds) => status(429, milliseconds / 1_000)(),
    refusing: status(400),
    gone: () => sink.configure({ [channel]: "removed" }),
    silent: () => sink.fault({ kind: "hang", every: true }),
    lossy: () => sink.fault({ kind: "lost-response", every: true }),
    over: async () => {
      await sink.clearFaults();
      await sink.configure({ [channel]: "active" });
    },
  };
  return {
    notifier: await notifierOf(plugin, values),
    again: () => notifierOf(plugin, values),
    markup: [
      "<!channel>",
      "<@U0123>",
      "<https://evil.example|the log>",
      "@everyone",
      "<@&1234>",
      hiddenLink,
      "a\\[b](https://evil.example)",
    ],
    secrets: [tokens[channel].replace("whsec_", "")],
    trouble,
    witness: {
      messages: async () =>
        (await sink.ledger()).messages
          .filter((message) => message.channel === channel && (message.key === undefined || !message.duplicate))
          .map(({ id, payload }) => ({ ...read(payload), ...(channel === "discord" ? { reference: id } : {}) })),
    },
    dispose: () => sink.stop(),
  };
}

/** Members of a JSON value that are objects with these keys, in order. */
function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap((member) => objectsIn(member));
  return Array.isArray(value) ? inside : [value as Readonly<Record<string, unknown>>, ...inside];
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap((member) => stringsIn(member)) : [];
}

/** Slack: in a text of type `mrkdwn`, and in the message's own, `<…>` is a command; `&amp;`, `&lt;` and `&gt;` are signs. */
function readSlack(payload: unknown): Omit<ShownMessage, "reference"> {
  const [{ text: fallback } = {}] = objectsIn(payload);
  const texts = objectsIn(payload).filter(({ type }) => type === "mrkdwn" || type === "plain_text");
  const decode = (text: string): string => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  const written = texts.map(({ type, text }) => ({ isPlain: type === "plain_text", text: String(text) }));
  const commands = [...written.filter(({ isPlain }) => !isPlain).map(({ text }) => text), String(fallback)];
  return {
    text: written.map(({ isPlain, text }) => (isPlain ? text : decode(text))).join("\n"),
    obeyed: commands.flatMap((text) => text.match(/<[^>]*>/g) ?? []),
  };
}

/** Discord: mentions count where `allowed_mentions` lets them, `[…](…)` hides an address, `<…>` is drawn as something else; a backslash makes the next sign plain. */
function readDiscord(payload: unknown): Omit<ShownMessage, "reference"> {
  const [message = {}] = objectsIn(payload);
  const [embed = {}] = Array.isArray(message["embeds"]) ? objectsIn(message["embeds"]) : [];
  const texts = [
    ...stringsIn(embed["title"]),
    ...stringsIn(embed["description"]),
    ...objectsIn(embed["fields"]).flatMap((field) => [field["name"], field["value"]].map(String)),
  ];
  const drawn = texts.map((text) => text.replaceAll(/\\[!-/:-@[-`{-~]/g, ""));
  const mayMention = JSON.stringify(message["allowed_mentions"]) !== '{"parse":[]}' || message["content"] !== undefined;
  return {
    text: texts.map((text) => text.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")).join("\n"),
    obeyed: [...(mayMention ? ["@everyone"] : []), ...drawn.flatMap((text) => text.match(/\[[^\]]*\]\([^)]*\)|<[^>]*>/g) ?? [])],
  };
}

describe("Slack", () => {
  const configure = ({ slackUrl }: { slackUrl: string }) => ({ plugin: slack({ webhook: secret("URL") }), values: { URL: slackUrl } });
  notifierSuite({ test, describe }, { create: () => createFixture("slack", configure, readSlack), patience: "60s" });
});

describe("Discord", () => {
  const configure = ({ discordUrl }: { discordUrl: string }) => ({
    plugin: discord({ webhook: secret("URL") }),
    values: { URL: discordUrl },
  });
  notifierSuite({ test, describe }, { create: () => createFixture("discord", configure, readDiscord), patience: "60s" });
});

describe("a webhook", () => {
  const configure = ({ webhookUrl }: { webhookUrl: string }) => ({
    plugin: webhook({ url: secret("URL"), signingSecret: secret("SIGNING") }),
    values: { URL: webhookUrl, SIGNING: tokens.webhook },
  });
  const read = (payload: unknown) => ({ text: stringsIn(payload).join("\n"), obeyed: [] });
  const skip = { "markup in a message mentions nobody and hides no address": "a program receives it, as JSON" };
  notifierSuite({ test, describe }, { create: () => createFixture("webhook", configure, read), skip, patience: "60s" });
});

describe("e-mail", () => {
  const [from, to, password] = ["deploy@shop.example", "ops@shop.example", "Rz8 kW/3@tY:vL5p"];
  const bystander = "victim@example.com";

  const readMail = ({ subject, text, html, messageId, headers, envelope }: MailRecord): ShownMessage => ({
    text: [subject, text, html ?? ""].join("\n"),
    obeyed: [...envelope.to.filter((address) => address !== to), ...["bcc", "cc"].filter((name) => headers[name] !== undefined)],
    ...(messageId === null ? {} : { reference: messageId }),
  });

  notifierSuite(
    { test, describe },
    {
      patience: "60s",
      async create() {
        const inbox = await createSmtpInbox({ password }).listen();
        const values = { URL: `smtp://${inbox.user}:${encodeURIComponent(password)}@${inbox.host}:${String(inbox.port)}` };
        const plugin = email({ url: secret("URL"), from, to });
        const reply = (status: number) => () => inbox.fault({ kind: "status", status, match: { operation: "smtp.rcpt" }, every: true });
        return {
          notifier: await notifierOf(plugin, values),
          again: () => notifierOf(plugin, values),
          markup: [`x\r\nBcc: ${bystander}`, `x\nCc: ${bystander}\n\ny`, `<${bystander}>`],
          secrets: [password],
          trouble: {
            unreachable: () => inbox.fault({ kind: "reset-before", every: true }),
            busy: reply(451),
            refusing: reply(550),
            silent: () => inbox.fault({ kind: "hang", match: { operation: "smtp.mail" }, every: true }),
            lossy: () => inbox.fault({ kind: "lost-response", match: { operation: "smtp.data" }, every: true }),
            over: () => inbox.clearFaults(),
          },
          witness: {
            messages: async () => (await inbox.ledger()).messages.filter(({ duplicate }) => !duplicate).map((mail) => readMail(mail)),
          },
          dispose: () => inbox.stop(),
        };
      },
    },
  );
});
