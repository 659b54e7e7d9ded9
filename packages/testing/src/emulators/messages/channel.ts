import type { Json } from "@fairlead/core";
import type { StatusFault } from "../shared/fault.js";
import type { ProviderAnswer, ProviderCall, RecordEffect } from "../shared/provider.js";
import type { MessageLog } from "./message-log.js";
import type { ChannelState } from "./message-options.js";

/** What a channel can do while it answers a call. */
export interface ChannelScene {
  readonly state: ChannelState;
  readonly now: number;
  readonly log: MessageLog;
  /** Takes the message. An empty id is replaced by a minted one, which is returned. */
  readonly deliver: (message: { readonly id: string; readonly key?: string; readonly text: string; readonly payload: Json }) => string;
  readonly effect: RecordEffect;
}

/** One kind of channel of the sink. */
export interface Channel {
  /** The path that senders are given; a credential may be part of it. */
  readonly path: string;
  /** The operation's name if the call is for this channel. */
  operationOf(call: ProviderCall): string | undefined;
  isAuthorized(call: ProviderCall): boolean;
  maskedPath(call: ProviderCall): string;
  receive(call: ProviderCall, scene: ChannelScene): ProviderAnswer;
  /** The provider's own way to say a status that a fault asks for. */
  refuse(fault: StatusFault): ProviderAnswer;
}
