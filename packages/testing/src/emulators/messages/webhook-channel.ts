import type { Json } from "@fairlead/core";
import { Webhook } from "standardwebhooks";
import { jsonAnswer, type ProviderCall } from "../shared/provider.js";
import type { Channel } from "./channel.js";

/** A receiver of signed webhooks that checks them with the reference implementation of Standard Webhooks. */
export function createWebhookChannel(secret: string): Channel {
  const path = "/webhook";
  const webhook = new Webhook(secret);
  const verify = (call: ProviderCall): { readonly payload: Json } | { readonly reason: string } => {
    try {
      return { payload: webhook.verify(Buffer.from(call.body), toPlainHeaders(call.headers)) as Json };
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  };
  return {
    path,
    operationOf: (call) => (call.path === path ? "webhook.receive" : undefined),
    isAuthorized: (call) => "payload" in verify(call),
    maskedPath: (call) => call.path,
    receive(call, { state, deliver }) {
      if (state === "removed" || state === "archived") return jsonAnswer(410, { error: "gone" });
      if (state === "forbidden") return jsonAnswer(403, { error: "forbidden" });
      if (call.method !== "POST") return jsonAnswer(405, { error: "only POST is answered" });
      const verified = verify(call);
      if ("reason" in verified) return jsonAnswer(401, { error: verified.reason });
      const key = String(call.headers["webhook-id"]);
      deliver({ id: key, key, text: JSON.stringify(verified.payload), payload: verified.payload });
      return { status: 204 };
    },
    refuse: ({ status }) => jsonAnswer(status, { error: `emulated ${String(status)}` }),
  };
}

function toPlainHeaders(headers: ProviderCall["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
}
