import { inspect } from "node:util";
import { secret, type CallOptions, type Notification } from "@fairlead/core";
import { createMessageSink, createSmtpInbox, type MessageSink, type SmtpInbox } from "@fairlead/testing/emulators";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { discord, email, slack, webhook } from "../src/index.js";
import { findClosedPort } from "./closed-port.js";
import { notifierOf } from "./notifier-of.js";

let sink: MessageSink;
let inbox: SmtpInbox;

beforeAll(async () => {
  sink = await createMessageSink().listen();
  inbox = await createSmtpInbox().listen();
});
beforeEach(async () => {
  await sink.reset();
  await inbox.reset();
});
afterAll(async () => {
  await sink.stop();
  await inbox.stop();
});

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const call = (signal = new AbortController().signal): CallOptions => ({ signal, log });

const hostile = 'fix <!channel> @everyone [click](https://evil.example) "quoted" & more';

function notification(fields: Partial<Notification> = {}): Notification {
  return {
    id: "msg_0123456789abcdef",
    event: "deployment.succeeded",
    severity: "success",
    title: "Deployment of shop production succeeded",
    text: hostile,
    fields: [{ name: "Release", value: "rel_1" }],
    links: [],
    at: "2026-01-01T00:00:00.000Z",
    application: "shop",
    environment: "production",
    deploymentId: "dep_1",
    ...fields,
  };
}

const slackNotifier = () => notifierOf(slack({ webhook: secret("SLACK_URL") }), { SLACK_URL: sink.slackUrl });
const discordNotifier = () => notifierOf(discord({ webhook: secret("DISCORD_URL") }), { DISCORD_URL: sink.discordUrl });
const webhookNotifier = () =>
  notifierOf(webhook({ url: secret("HOOK_URL"), signingSecret: secret("HOOK_SECRET") }), {
    HOOK_URL: sink.webhookUrl,
    HOOK_SECRET: sink.webhookSecret,
  });
const emailNotifier = (password = inbox.password) =>
  notifierOf(email({ url: secret("SMTP_URL"), from: "Shop <deploy@shop.example>", to: "ops@shop.example" }), {
    SMTP_URL: `smtp://${inbox.user}:${encodeURIComponent(password)}@${inbox.host}:${String(inbox.port)}`,
  });

test("Slack takes a message in which nothing mentions or links", async () => {
  await (await slackNotifier()).deliver(notification(), call());
  const [message] = (await sink.ledger()).messages;
  expect(message).toMatchObject({ channel: "slack" });
  const payload = JSON.stringify(message?.payload);
  expect(payload).toContain("Deployment of shop production succeeded");
  expect(payload).not.toContain("<!channel>");
});

test("Discord takes a message in which nothing mentions, and says its id", async () => {
  const receipt = await (await discordNotifier()).deliver(notification(), call());
  const [message] = (await sink.ledger()).messages;
  expect(message?.payload).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(receipt.reference).toBe(message?.id);
});

test("the longest message stays within the limits of Slack and Discord", async () => {
  const long = notification({
    title: "t".repeat(5_000),
    text: "🚢".repeat(5_000),
    fields: Array.from({ length: 40 }, () => ({ name: "n".repeat(500), value: "v".repeat(5_000) })),
  });
  await (await slackNotifier()).deliver(long, call());
  await (await discordNotifier()).deliver(long, call());
  expect((await sink.ledger()).messages).toHaveLength(2);
});

test("a webhook is signed so that the standard's own library accepts it, and repeated under the same id", async () => {
  const notifier = await webhookNotifier();
  await notifier.deliver(notification(), call());
  await notifier.deliver(notification(), call());
  const { messages, effects } = await sink.ledger();
  expect(messages.map(({ key, duplicate }) => [key, duplicate])).toEqual([
    ["msg_0123456789abcdef", false],
    ["msg_0123456789abcdef", true],
  ]);
  expect(effects.filter(({ kind }) => kind === "message.received")).toHaveLength(1);
});

test("e-mail arrives with a Message-ID that follows from the message", async () => {
  const notifier = await emailNotifier();
  await notifier.deliver(notification({ title: "Done\r\nBcc: victim@example.com" }), call());
  await notifier.deliver(notification(), call());
  const { messages } = await inbox.ledger();
  expect(messages.map(({ duplicate }) => duplicate)).toEqual([false, true]);
  expect(messages[0]).toMatchObject({ subject: "Done Bcc: victim@example.com" });
  expect(messages[0]?.envelope.to).toEqual(["ops@shop.example"]);
});

test.for([
  ["slack", slackNotifier, "slack.post"],
  ["discord", discordNotifier, "discord.post"],
  ["webhook", webhookNotifier, "webhook.receive"],
] as const)("%s: what may pass is tried again, when the channel says so, and what may not is not", async ([, create, operation]) => {
  const notifier = await create();
  const outcome = async (): Promise<unknown> => notifier.deliver(notification(), call()).catch((error: unknown) => error);
  const answers: readonly (readonly [number, object])[] = [
    [500, { code: "NOTIFIER_BUSY", retryable: true }],
    [429, { code: "NOTIFIER_BUSY", retryable: true, retryAfter: 3_000 }],
    [400, { code: "NOTIFIER_REFUSED", retryable: false }],
    [404, { code: "NOTIFIER_CHANNEL_GONE", retryable: false }],
    [410, { code: "NOTIFIER_CHANNEL_GONE", retryable: false }],
  ];
  for (const [status, expected] of answers) {
    await sink.clearFaults();
    await sink.fault({ kind: "status", status, ...(status === 429 ? { retryAfter: 3 } : {}), match: { operation }, every: true });
    expect(await outcome()).toMatchObject(expected);
  }
  await sink.clearFaults();
  await sink.fault({ kind: "reset-before", match: { operation }, every: true });
  expect(await outcome()).toMatchObject({ code: "NOTIFIER_UNREACHABLE", retryable: true });
});

test("e-mail: a temporary refusal may pass, a final one and a wrong password may not", async () => {
  const notifier = await emailNotifier();
  const outcome = async (): Promise<unknown> => notifier.deliver(notification(), call()).catch((error: unknown) => error);
  await inbox.fault({ kind: "status", status: 451, match: { operation: "smtp.rcpt" }, every: true });
  expect(await outcome()).toMatchObject({ code: "NOTIFIER_BUSY", retryable: true });
  await inbox.clearFaults();
  await inbox.fault({ kind: "status", status: 550, match: { operation: "smtp.rcpt" }, every: true });
  expect(await outcome()).toMatchObject({ code: "NOTIFIER_REFUSED", retryable: false });
  await inbox.clearFaults();
  expect(await (await emailNotifier("canary-password-2")).deliver(notification(), call()).catch((error: unknown) => error)).toMatchObject({
    code: "NOTIFIER_REFUSED",
  });
});

test.for([
  ["slack", (host: string) => notifierOf(slack({ webhook: secret("URL") }), { URL: `http://${host}/services` })],
  ["email", (host: string) => notifierOf(email({ url: secret("URL"), from: "a@b.example", to: "c@d.example" }), { URL: `smtp://${host}` })],
] as const)("%s: a connection that is refused is said to be", async ([channel, create]) => {
  const notifier = await create(`127.0.0.1:${String(await findClosedPort())}`);
  const error: unknown = await notifier.deliver(notification(), call()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "NOTIFIER_UNREACHABLE",
    message: `${channel} cannot be reached (ECONNREFUSED).`,
    retryable: true,
  });
});

test("no error holds an address or a password", async () => {
  await sink.fault({ kind: "status", status: 500, every: true });
  const thrown = await Promise.all(
    [await slackNotifier(), await discordNotifier(), await webhookNotifier(), await emailNotifier("canary-password-2")].map((notifier) =>
      notifier.deliver(notification(), call()).catch((error: unknown) => error),
    ),
  );
  const text = thrown.map((error) => inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).join("\n");
  for (const canary of [sink.slackUrl, sink.discordUrl, sink.webhookUrl, "canary-password-2"]) {
    expect(text).not.toContain(URL.canParse(canary) ? new URL(canary).host : canary);
  }
});

test.for([
  ["slack", slackNotifier, "slack.post", "slackUrl"],
  ["discord", discordNotifier, "discord.post", "discordUrl"],
  ["webhook", webhookNotifier, "webhook.receive", "webhookUrl"],
] as const)("%s: an answer that quotes the address is masked before it is cut", async ([, create, operation, name]) => {
  const notifier = await create();
  for (let before = 100; before < 200; before += 20) {
    await sink.fault({ kind: "status", status: 400, match: { operation }, body: `${".".repeat(before)}${sink[name]}` });
    const error: unknown = await notifier.deliver(notification(), call()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining("[redact") });
    expect(inspect(error, { depth: 9 })).not.toContain(sink[name].slice(0, 12));
  }
});

test.for([
  ["slack", (URL: string) => notifierOf(slack({ webhook: secret("URL") }), { URL })],
  ["email", (URL: string) => notifierOf(email({ url: secret("URL"), from: "a@b.example", to: "c@d.example" }), { URL })],
] as const)("%s: a secret that is no address is told by its name, and not tried again", async ([, create]) => {
  for (const address of ["hooks.example/canary-1", "ftp://hooks.example/canary-1"]) {
    const error: unknown = await (await create(address)).deliver(notification(), call()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NOTIFIER_SECRET_MALFORMED", retryable: false, message: expect.stringContaining("URL") });
    expect(inspect(error, { depth: 9 })).not.toContain("canary-1");
  }
});

test("an abort ends a delivery that hangs", { timeout: 180_000 }, async () => {
  await sink.fault({ kind: "hang", every: true });
  await inbox.fault({ kind: "hang", match: { operation: "smtp.mail" }, every: true });
  for (const notifier of [await slackNotifier(), await emailNotifier()]) {
    const abort = new AbortController();
    const delivery = notifier.deliver(notification(), call(abort.signal));
    setTimeout(() => {
      abort.abort(new Error("enough"));
    }, 50);
    await expect(delivery).rejects.toThrow("enough");
  }
});

test("an e-mail that was given up is not sent later", { timeout: 180_000 }, async () => {
  await inbox.fault({ kind: "hold-before", match: { operation: "smtp.rcpt" } });
  const abort = new AbortController();
  const delivery = (await emailNotifier()).deliver(notification({ title: "given up" }), call(abort.signal));
  await inbox.held();
  abort.abort(new Error("enough"));
  await expect(delivery).rejects.toThrow("enough");
  await inbox.release();
  await (await emailNotifier()).deliver(notification({ id: "msg_fedcba9876543210", title: "the next one" }), call());
  expect((await inbox.ledger()).messages.map(({ subject }) => subject)).toEqual(["the next one"]);
});
