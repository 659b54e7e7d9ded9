import { IncomingWebhook } from "@slack/webhook";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMessageSink, type MessageSink } from "./message-sink.js";

let sink: MessageSink;

beforeEach(async () => {
  sink = await createMessageSink({ slackToken: "canarySlack", discordToken: "canaryDiscord" }).listen();
});

afterEach(() => sink.stop());

async function post(url: string, body: unknown, method = "POST"): Promise<{ status: number; text: string; json: Record<string, never> }> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, never> };
}

describe("Slack", () => {
  it("takes messages of the official client and keeps what a person reads", async () => {
    const blocks = [
      { type: "header", text: { type: "plain_text", text: "Release 2" } },
      { type: "section", text: { type: "mrkdwn", text: "*serves* &lt;all&gt; &amp;amp;" } },
    ];
    expect(await new IncomingWebhook(sink.slackUrl).send({ text: "shop deployed", blocks })).toEqual({ text: "ok" });
    const { messages, effects, requests } = await sink.ledger();
    expect(messages).toMatchObject([
      { number: 1, channel: "slack", text: "shop deployed\nRelease 2\n*serves* <all> &amp;", duplicate: false, payload: { blocks } },
    ]);
    expect(effects.map(({ kind }) => kind)).toEqual(["message.received"]);
    expect(requests).toMatchObject([
      { operation: "slack.post", path: "/services/T00000000/B00000000/[credential]", authorized: true, status: 200 },
    ]);
  });

  it("answers a mistake in plain words", async () => {
    const answers = await Promise.all([
      post(sink.slackUrl, {}),
      fetch(sink.slackUrl, { method: "POST", body: "no json" }).then(async (response) => ({
        status: response.status,
        text: await response.text(),
      })),
      post(sink.slackUrl, { blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }),
      post(sink.slackUrl, { blocks: [{ type: "header", text: { type: "plain_text", text: "t".repeat(151) } }] }),
      post(sink.slackUrl, { blocks: [{ type: "section", fields: Array.from({ length: 11 }, () => ({ type: "mrkdwn", text: "x" })) }] }),
      post(sink.slackUrl.replace("canarySlack", "wrong"), { text: "hello" }),
    ]);
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [400, "no_text"],
      [400, "invalid_payload"],
      [400, "invalid_blocks"],
      [400, "invalid_blocks"],
      [400, "invalid_blocks"],
      [404, "no_service"],
    ]);
    expect((await sink.ledger()).messages).toEqual([]);
  });

  it.each([
    ["archived", 410, "channel_is_archived"],
    ["removed", 404, "no_service"],
    ["forbidden", 403, "invalid_token"],
  ] as const)("refuses when it is %s", async (slack, status, text) => {
    await sink.configure({ slack });
    expect(await post(sink.slackUrl, { text: "hello" })).toMatchObject({ status, text });
    await sink.configure({ slack: "active" });
    expect((await post(sink.slackUrl, { text: "hello" })).status).toBe(200);
  });

  it("is rate limited with Retry-After, and shows that a lost answer led to a second message", async () => {
    await sink.fault({ kind: "status", status: 429, retryAfter: 3 });
    const limited = await fetch(sink.slackUrl, { method: "POST", body: '{"text":"a"}' });
    expect([limited.status, limited.headers.get("retry-after"), await limited.text()]).toEqual([429, "3", "rate_limited"]);
    await sink.fault({ kind: "lost-response" });
    await expect(post(sink.slackUrl, { text: "a" })).rejects.toThrow();
    await post(sink.slackUrl, { text: "a" });
    expect((await sink.ledger()).messages.map(({ duplicate }) => duplicate)).toEqual([false, true]);
  });
});

describe("Discord", () => {
  it("gives the message back only if asked to wait, and lets it be edited, read and deleted", async () => {
    expect(await post(sink.discordUrl, { content: "silent" })).toMatchObject({ status: 204, text: "" });
    const { json } = await post(`${sink.discordUrl}?wait=true`, {
      content: "deploying",
      embeds: [{ title: "shop", fields: [{ name: "release", value: String.raw`rel\_2 \[x\]` }] }],
    });
    expect(json).toMatchObject({ content: "deploying", edited_timestamp: null, embeds: [{ type: "rich", title: "shop" }] });
    const message = `${sink.discordUrl}/messages/${String(json["id"])}`;
    const edited = await post(message, { content: "deployed" }, "PATCH");
    expect(edited.json).toMatchObject({
      id: json["id"],
      content: "deployed",
      embeds: [{ title: "shop" }],
      edited_timestamp: expect.any(String) as string,
    });
    expect((await post(message, undefined, "GET")).json).toMatchObject({ content: "deployed" });
    expect((await sink.ledger()).messages.map(({ text, edits }) => [text, edits])).toEqual([
      ["silent", 0],
      ["deployed\nshop\nrelease\nrel_2 [x]", 1],
    ]);
    expect((await post(message, undefined, "DELETE")).status).toBe(204);
    expect((await post(message, { content: "again" }, "PATCH")).json).toMatchObject({ code: 10_008 });
    expect((await sink.ledger()).effects.map(({ kind }) => kind)).toEqual([
      "message.received",
      "message.received",
      "message.edited",
      "message.deleted",
    ]);
  });

  it.each<[string, unknown, number]>([
    ["an empty message", {}, 50_006],
    ["2001 characters", { content: "x".repeat(2_001) }, 50_035],
    ["11 embeds", { embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }, 50_035],
    ["a title of 257", { embeds: [{ title: "x".repeat(257) }] }, 50_035],
    ["26 fields", { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: "a", value: "b" })) }] }, 50_035],
    ["6001 characters of embeds", { embeds: [{ description: "x".repeat(4_000) }, { description: "x".repeat(2_001) }] }, 50_035],
  ])("refuses %s", async (_name, body, code) => {
    expect(await post(`${sink.discordUrl}?wait=true`, body)).toMatchObject({ status: 400, json: { code } });
    expect((await sink.ledger()).messages).toEqual([]);
  });

  it("tells a wrong token, a removed webhook and a limit apart", async () => {
    expect(await post(sink.discordUrl.replace("canaryDiscord", "wrong"), { content: "a" })).toMatchObject({
      status: 401,
      json: { code: 50_027 },
    });
    await sink.configure({ discord: "removed" });
    expect(await post(sink.discordUrl, { content: "a" })).toMatchObject({ status: 404, json: { code: 10_015 } });
    await sink.fault({ kind: "status", status: 429, retryAfter: 0.35 });
    const limited = await fetch(sink.discordUrl, { method: "POST", body: "{}" });
    expect([limited.headers.get("retry-after"), limited.headers.get("x-ratelimit-remaining")]).toEqual(["1", "0"]);
    expect(await limited.json()).toMatchObject({ retry_after: 0.35, global: false });
  });
});

describe("a signed webhook", () => {
  const body = JSON.stringify({ type: "deployment.succeeded", timestamp: "2026-01-01T00:00:00Z", data: {} });
  const send = async (id: string, secret = sink.webhookSecret, sentAt = new Date()): Promise<number> => {
    const signature = new Webhook(secret).sign(id, sentAt, body);
    const headers = { "webhook-id": id, "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1_000)), "webhook-signature": signature };
    return (await fetch(sink.webhookUrl, { method: "POST", headers, body })).status;
  };

  it("is taken once per id, and a repetition is counted as one", async () => {
    expect([await send("msg_1"), await send("msg_1"), await send("msg_2")]).toEqual([204, 204, 204]);
    const { messages, effects } = await sink.ledger();
    expect(messages.map(({ key, duplicate }) => [key, duplicate])).toEqual([
      ["msg_1", false],
      ["msg_1", true],
      ["msg_2", false],
    ]);
    expect(effects.map(({ kind }) => kind)).toEqual(["message.received", "message.duplicated", "message.received"]);
  });

  it("is refused with another secret, without a signature and when it is too old", async () => {
    expect(await send("msg_1", "whsec_bm90IHRoZSByaWdodCBzZWNyZXQ=")).toBe(401);
    expect((await post(sink.webhookUrl, { type: "x" })).status).toBe(401);
    expect(await send("msg_1", sink.webhookSecret, new Date(Date.now() - 10 * 60_000))).toBe(401);
    const { messages, requests } = await sink.ledger();
    expect([messages.length, requests.map(({ authorized }) => authorized)]).toEqual([0, [false, false, false]]);
    await sink.configure({ webhook: "removed" });
    expect(await send("msg_1")).toBe(410);
  });
});

it("keeps no credential in any record", async () => {
  await post(sink.slackUrl, { text: "a" });
  await post(sink.discordUrl, { content: "a" });
  const records = JSON.stringify([await sink.ledger(), await sink.state()]);
  expect(records).toContain("[credential]");
  expect(records).not.toContain("canary");
});

it("goes back to a snapshot with its messages", async () => {
  await post(sink.slackUrl, { text: "a" });
  const snapshot = await sink.snapshot();
  await post(sink.slackUrl, { text: "b" });
  await sink.reset({ snapshot });
  expect((await sink.state()).messages.map(({ text }) => text)).toEqual(["a"]);
});
