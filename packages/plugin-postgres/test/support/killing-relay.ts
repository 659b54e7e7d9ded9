import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** When a process is killed: before a message of it reaches the server, when it is on its way, or before the answer to it comes back. */
export type Moment = "before" | "sent" | "answered";

/** Stands between a process and a server, counts what the process says and has it killed at one of its messages. */
export interface KillingRelay {
  readonly url: string;
  /** Messages from the first one that asks for the lock. */
  count(): number;
  close(): Promise<void>;
}

export async function startKillingRelay(
  url: string,
  { message, moment, kill }: { readonly message: number; readonly moment: Moment; readonly kill: () => void },
): Promise<KillingRelay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let counted = 0;
  let isOver = false;
  const end = (): void => {
    isOver = true;
    kill();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let atAnswer = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on("data", (chunk: Buffer) => {
      if (isOver) return;
      if (counted > 0 || chunk.includes("pg_try_advisory_xact_lock")) counted += 1;
      const isIt = counted === message;
      if (isIt && moment === "before") {
        end();
        return;
      }
      upstream.write(chunk);
      if (isIt && moment === "sent") end();
      atAnswer ||= isIt && moment === "answered";
    });
    upstream.on("data", (chunk: Buffer) => {
      if (isOver) return;
      if (atAnswer) end();
      else client.write(chunk);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = new URL(url);
  own.hostname = "127.0.0.1";
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    count: () => counted,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
