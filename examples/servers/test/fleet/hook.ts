import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export interface Message {
  /** What has happened. */
  readonly type: string;
  /** The same however often it is sent. */
  readonly id: string;
}

/** Where alerts go: counts what has come. */
export interface Hook {
  readonly url: string;
  readonly secret: string;
  readonly messages: readonly Message[];
  stop(): void;
}

/** Starts a receiver. `onFirst` is told of the first message of a kind while its sender waits for an answer. */
export async function startHook(onFirst: (type: string) => Promise<void>): Promise<Hook> {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  const child = fork(join(import.meta.dirname, "receiver.ts"), [], { env: { PATH: process.env["PATH"], HOOK_SECRET: secret } });
  const [{ listening }] = (await once(child, "message")) as [{ readonly listening: AddressInfo }];
  const messages: Message[] = [];
  child.on("message", (message: Message) => {
    const isFirst = messages.every(({ type }) => type !== message.type);
    messages.push(message);
    if (isFirst) void onFirst(message.type).finally(() => child.send(message.type));
  });
  return { url: `http://127.0.0.1:${String(listening.port)}`, secret, messages, stop: () => child.kill("SIGKILL") };
}
