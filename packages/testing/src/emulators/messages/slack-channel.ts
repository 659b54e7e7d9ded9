import type { Json } from "@fairlead/core";
import * as z from "zod";
import { readJson, type ProviderAnswer, type ProviderCall } from "../shared/provider.js";
import type { Channel } from "./channel.js";

const textOfAtMost = (length: number) => z.looseObject({ type: z.enum(["plain_text", "mrkdwn"]), text: z.string().min(1).max(length) });

/** Blocks whose limits are checked; the others are taken as they are. */
const blockSchema = z.union([
  z.looseObject({ type: z.literal("header"), text: textOfAtMost(150).extend({ type: z.literal("plain_text") }) }),
  z.looseObject({
    type: z.literal("section"),
    text: textOfAtMost(3_000).optional(),
    fields: z.array(textOfAtMost(2_000)).min(1).max(10).optional(),
  }),
  z.looseObject({ type: z.string().regex(/^(?!header$|section$)/) }),
]);

const payloadSchema = z.looseObject({
  text: z.string().max(40_000).optional(),
  blocks: z.array(blockSchema).max(50).optional(),
  attachments: z.array(z.looseObject({})).max(100).optional(),
});

/** A Slack incoming webhook: answers in plain words, has no id for what it took and no way to change it. */
export function createSlackChannel(token: string): Channel {
  const path = `/services/T00000000/B00000000/${token}`;
  return {
    path,
    operationOf: (call) => (/^\/services\/[^/]+\/[^/]+\/[^/]+$/.test(call.path) ? "slack.post" : undefined),
    isAuthorized: (call) => call.path === path,
    maskedPath: (call) => call.path.replace(/[^/]+$/, "[credential]"),
    receive(call, { state, deliver }) {
      if (call.path !== path) return words(404, "no_service");
      if (state === "removed") return words(404, "no_service");
      if (state === "forbidden") return words(403, "invalid_token");
      if (state === "archived") return words(410, "channel_is_archived");
      const parsed = payloadSchema.safeParse(readPayload(call));
      if (!parsed.success) return words(400, parsed.error.issues[0]?.path[0] === "blocks" ? "invalid_blocks" : "invalid_payload");
      const { text, blocks, attachments } = parsed.data;
      if ((text ?? "") === "" && (blocks ?? []).length === 0 && (attachments ?? []).length === 0) return words(400, "no_text");
      deliver({ id: "", text: readable(textOf(parsed.data)), payload: parsed.data as Json });
      return words(200, "ok");
    },
    refuse: ({ status }) => words(status, status === 429 ? "rate_limited" : status >= 500 ? "rollup_error" : "invalid_payload"),
  };
}

function words(status: number, body: string): ProviderAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}

function readPayload({ headers, body }: ProviderCall): unknown {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") !== true) return readJson(body);
  return readJson(Buffer.from(new URLSearchParams(new TextDecoder().decode(body)).get("payload") ?? ""));
}

function readable(escaped: string): string {
  return escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Every text in a payload, in order. */
function textOf(value: unknown): string {
  if (Array.isArray(value))
    return value
      .map((one) => textOf(one))
      .filter((text) => text !== "")
      .join("\n");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([name, member]) => (name === "text" && typeof member === "string" ? member : textOf(member)))
    .filter((text) => text !== "")
    .join("\n");
}
