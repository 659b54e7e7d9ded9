import type { JsonObject } from "@fairlead/core";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import { jsonAnswer, type ControlledState, type HttpProvider, type ProviderCall } from "../shared/provider.js";
import type { Channel } from "./channel.js";
import { createMessageLog, type MessageRecord } from "./message-log.js";
import { messageSettingsSchema, type MessageSinkSettings } from "./message-options.js";

/** All channels of the sink behind one origin. */
export function createMessageProvider(
  channels: Readonly<Record<MessageRecord["channel"], Channel>>,
  initial: MessageSinkSettings,
  { clock }: EmulatorFrame,
): HttpProvider & ControlledState {
  const log = createMessageLog();
  let settings = initial;
  let minted = 0;
  const find = (
    call: ProviderCall,
  ): { readonly name: MessageRecord["channel"]; readonly channel: Channel; readonly operation: string } | undefined => {
    for (const name of ["slack", "discord", "webhook"] as const) {
      const operation = channels[name].operationOf(call);
      if (operation !== undefined) return { name, channel: channels[name], operation };
    }
    return undefined;
  };
  return {
    identify(call) {
      const found = find(call);
      if (found === undefined) return { operation: "unknown", authorized: false, path: call.path };
      return { operation: found.operation, authorized: found.channel.isAuthorized(call), path: found.channel.maskedPath(call) };
    },
    act(call, { effect }) {
      const found = find(call);
      if (found === undefined) return jsonAnswer(404, { error: "there is no channel at this address" });
      const now = clock.now();
      return found.channel.receive(call, {
        state: settings[found.name],
        now,
        log,
        effect,
        deliver({ id, ...message }) {
          minted += 1;
          const record = log.add({
            at: now,
            channel: found.name,
            id: id === "" ? `2000000000${String(minted).padStart(8, "0")}` : id,
            ...message,
          });
          const again = record.duplicate && record.key !== undefined;
          effect(again ? "message.duplicated" : "message.received", record.id, {
            channel: found.name,
            number: record.number,
            duplicate: record.duplicate,
          });
          return record.id;
        },
      });
    },
    refuse(fault, call) {
      const answer = find(call)?.channel.refuse(fault) ?? jsonAnswer(fault.status, {});
      const headers = {
        ...answer.headers,
        ...(fault.retryAfter === undefined || answer.headers?.["retry-after"] !== undefined
          ? {}
          : { "retry-after": String(fault.retryAfter) }),
      };
      if (fault.body === undefined) return { ...answer, headers };
      return { status: fault.status, headers, body: typeof fault.body === "string" ? fault.body : JSON.stringify(fault.body) };
    },
    ledger: () => ({ messages: log.list().map(toJson) }),
    state: () => ({ settings: { ...settings }, messages: log.list().map(toJson) }),
    configure(change) {
      settings = messageSettingsSchema.parse({ ...settings, ...(change as Partial<MessageSinkSettings>) });
      return { ...settings };
    },
    snapshot: () => log.snapshot(),
    restore(snapshot) {
      log.restore(snapshot);
    },
  };
}

function toJson(record: MessageRecord): JsonObject {
  return { ...record };
}
