import type { Json, JsonObject } from "@fairlead/core";
import * as z from "zod";
import { jsonAnswer, readJson, type ProviderAnswer, type ProviderCall } from "../shared/provider.js";
import type { Channel, ChannelScene } from "./channel.js";
import type { MessageRecord } from "./message-log.js";

const webhookId = "100000000000000001";
const channelId = "100000000000000002";
const name = "Fairlead";

const embedSchema = z.looseObject({
  title: z.string().max(256).nullish(),
  description: z.string().max(4_096).nullish(),
  url: z.url().nullish(),
  color: z.int().min(0).max(0xffffff).nullish(),
  fields: z
    .array(z.looseObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1_024), inline: z.boolean().nullish() }))
    .max(25)
    .nullish(),
  footer: z.looseObject({ text: z.string().max(2_048) }).nullish(),
  author: z.looseObject({ name: z.string().max(256) }).nullish(),
});

const bodySchema = z.looseObject({
  content: z.string().max(2_000).nullish(),
  username: z.string().min(1).max(80).nullish(),
  embeds: z.array(embedSchema).max(10).nullish(),
  allowed_mentions: z.looseObject({ parse: z.array(z.enum(["roles", "users", "everyone"])).nullish() }).nullish(),
  components: z.array(z.looseObject({})).nullish(),
  flags: z.int().nullish(),
});

type MessageBody = z.infer<typeof bodySchema>;

/** A Discord webhook: with `wait=true` the message comes back and can be edited; without, saving errors are silent. */
export function createDiscordChannel(token: string): Channel {
  const pattern = /^\/api(?:\/v10)?\/webhooks\/([^/]+)\/([^/]+)(?:\/messages\/([^/]+))?$/;
  const operations: Readonly<Record<string, string>> = {
    POST: "discord.post",
    PATCH: "discord.edit",
    GET: "discord.read",
    DELETE: "discord.delete",
  };
  return {
    path: `/api/v10/webhooks/${webhookId}/${token}`,
    operationOf: (call) => (pattern.test(call.path) ? (operations[call.method] ?? "discord.unknown") : undefined),
    isAuthorized: (call) => pattern.exec(call.path)?.[2] === token,
    maskedPath: (call) => call.path.replace(/(\/webhooks\/[^/]+\/)[^/]+/, "$1[credential]"),
    receive(call, scene) {
      const [, id, given, message] = pattern.exec(call.path) ?? [];
      if (id !== webhookId || scene.state === "removed" || scene.state === "archived") return refusal(404, "Unknown Webhook", 10_015);
      if (given !== token || scene.state === "forbidden") return refusal(401, "Invalid Webhook Token", 50_027);
      if (message === undefined) return call.method === "GET" ? jsonAnswer(200, webhookDocument()) : post(call, scene);
      const record = scene.log.find("discord", message);
      if (record === undefined) return refusal(404, "Unknown Message", 10_008);
      return onMessage(call, scene, record);
    },
    refuse({ status, retryAfter }) {
      if (status !== 429) return refusal(status, status >= 500 ? "Internal Server Error" : "Bad Request", 0);
      const seconds = Number(retryAfter ?? 1);
      const headers = {
        ...limitHeaders,
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset-after": String(seconds),
        "x-ratelimit-scope": "shared",
        "retry-after": String(Math.ceil(seconds)),
      };
      return jsonAnswer(429, { message: "You are being rate limited.", code: 0, retry_after: seconds, global: false }, headers);
    },
  };
}

const limitHeaders = {
  "x-ratelimit-limit": "5",
  "x-ratelimit-remaining": "4",
  "x-ratelimit-reset-after": "1.000",
  "x-ratelimit-bucket": "emulated",
} as const;

function refusal(status: number, message: string, code: number, more: JsonObject = {}): ProviderAnswer {
  return jsonAnswer(status, { message, code, ...more });
}

function post(call: ProviderCall, scene: ChannelScene): ProviderAnswer {
  const parsed = readBody(call);
  if ("refused" in parsed) return parsed.refused;
  const id = scene.deliver({ id: "", text: readable(textOf(parsed.body)), payload: parsed.body as Json });
  if (call.query.get("wait") !== "true") return { status: 204, headers: limitHeaders };
  return jsonAnswer(200, messageDocument({ id, at: scene.now, edits: 0 }, parsed.body), limitHeaders);
}

function onMessage(call: ProviderCall, scene: ChannelScene, record: MessageRecord): ProviderAnswer {
  const before = record.payload as MessageBody;
  if (call.method === "GET") return jsonAnswer(200, messageDocument(record, before), limitHeaders);
  if (call.method === "DELETE") {
    scene.log.remove(record.id);
    scene.effect("message.deleted", record.id, { channel: "discord" });
    return { status: 204, headers: limitHeaders };
  }
  if (call.method !== "PATCH") return refusal(405, "405: Method Not Allowed", 0);
  const parsed = readBody(call, before);
  if ("refused" in parsed) return parsed.refused;
  scene.log.edit(record.id, readable(textOf(parsed.body)), parsed.body as Json);
  scene.effect("message.edited", record.id, { channel: "discord" });
  return jsonAnswer(200, messageDocument({ ...record, edits: record.edits + 1 }, parsed.body), limitHeaders);
}

/** The body, over what the message holds already; or Discord's account of what is wrong with it. */
function readBody(call: ProviderCall, before: MessageBody = {}): { readonly body: MessageBody } | { readonly refused: ProviderAnswer } {
  const given = readJson(call.body);
  if (typeof given !== "object" || given === null) return { refused: refusal(400, "The request body contains invalid JSON.", 50_109) };
  const parsed = bodySchema.safeParse({ ...before, ...given });
  if (!parsed.success) return { refused: refusal(400, "Invalid Form Body", 50_035, { errors: toFormErrors(parsed.error) }) };
  const body = parsed.data;
  const characters = (body.embeds ?? []).reduce((sum, embed) => sum + textOf({ embeds: [embed] }).length, 0);
  if (characters > 6_000)
    return {
      refused: refusal(400, "Invalid Form Body", 50_035, {
        errors: { embeds: formError("MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000") },
      }),
    };
  if (textOf(body) === "" && (body.components ?? []).length === 0) return { refused: refusal(400, "Cannot send an empty message", 50_006) };
  return { body };
}

function formError(code: string, message: string): JsonObject {
  return { _errors: [{ code, message }] };
}

/** What is wrong, as a tree along the path of each member. */
function toFormErrors(error: z.ZodError): JsonObject {
  const root: ErrorTree = {};
  for (const issue of error.issues) {
    const code =
      issue.code === "too_big" ? "BASE_TYPE_MAX_LENGTH" : issue.code === "too_small" ? "BASE_TYPE_MIN_LENGTH" : "BASE_TYPE_BAD_TYPE";
    let node = root;
    for (const part of issue.path) node = (node[String(part)] ??= {}) as ErrorTree;
    Object.assign(node, formError(code, issue.message));
  }
  return root;
}

interface ErrorTree {
  [member: string]: Json;
}

function textOf({ content, embeds }: MessageBody): string {
  const parts = (embeds ?? []).flatMap(({ title, description, fields, footer, author }) => [
    author?.name,
    title,
    description,
    ...(fields ?? []).flatMap((field) => [field.name, field.value]),
    footer?.text,
  ]);
  return [content, ...parts].filter((part) => typeof part === "string" && part !== "").join("\n");
}

/** A backslash makes the sign behind it plain. */
function readable(markdown: string): string {
  return markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");
}

function webhookDocument(): JsonObject {
  return { id: webhookId, type: 1, name, avatar: null, channel_id: channelId, guild_id: "100000000000000003", application_id: null };
}

function messageDocument(record: Pick<MessageRecord, "id" | "at" | "edits">, body: MessageBody): JsonObject {
  const timestamp = new Date(record.at).toISOString();
  return {
    id: record.id,
    type: 0,
    content: body.content ?? "",
    channel_id: channelId,
    webhook_id: webhookId,
    author: {
      id: webhookId,
      username: body.username ?? name,
      global_name: null,
      avatar: null,
      discriminator: "0000",
      public_flags: 0,
      flags: 0,
      bot: true,
    },
    embeds: (body.embeds ?? []).map((embed): JsonObject => ({ type: "rich", ...(embed as JsonObject) })),
    attachments: [],
    components: (body.components ?? []) as readonly JsonObject[],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    flags: body.flags ?? 0,
    timestamp,
    edited_timestamp: record.edits === 0 ? null : timestamp,
  };
}
