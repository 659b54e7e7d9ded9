import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Stands between a client and a server, so that a test can disturb them. */
export interface Relay {
  /** The address that was given, through the relay. */
  readonly url: string;
  /** Ends every connection. */
  cut(): void;
  /** From now on nothing passes on the connections there are, and nobody is told. */
  freeze(): void;
  /** Ends every connection as soon as a server has answered something that matches; what has matched is not handed on. */
  cutBeforeAnswer(pattern: RegExp): Promise<void>;
  /** Where the server is now. */
  retarget(url: string): void;
  /** Refuses connections until told otherwise. */
  refuse(refused: boolean): void;
  close(): Promise<void>;
}

export async function startRelay(url: string): Promise<Relay> {
  let target = new URL(url);
  let refused = false;
  let frozen = new WeakSet<Socket>();
  let pattern: RegExp | undefined;
  let onCut: (() => void) | undefined;
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const relay = (from: Socket, to: Socket, isAnswer: boolean): void => {
    sockets.add(from);
    from.on("error", () => undefined);
    from.on("close", () => {
      sockets.delete(from);
      if (!frozen.has(from)) to.destroy();
    });
    from.on("data", (chunk: Buffer) => {
      if (frozen.has(from)) return;
      if (isAnswer && pattern?.test(chunk.toString("latin1")) === true) {
        pattern = undefined;
        cut();
        onCut?.();
        return;
      }
      to.write(chunk);
    });
  };
  const server = createServer((client) => {
    if (refused) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    relay(client, upstream, false);
    relay(upstream, client, true);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const own = new URL(url);
  own.hostname = "127.0.0.1";
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    cut,
    freeze() {
      frozen = new WeakSet(sockets);
    },
    cutBeforeAnswer: (wanted) =>
      new Promise((resolve) => {
        pattern = wanted;
        onCut = resolve;
      }),
    retarget(next) {
      target = new URL(next);
    },
    refuse(value) {
      refused = value;
    },
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
