import { once } from "node:events";
import { createConnection, createServer, type ListenOptions, type NetConnectOpts, type Socket } from "node:net";

/** A connection to a service that can be interrupted, whatever is spoken over it. */
export interface Line {
  /** Where it is taken up on loopback; 0 where it listens on a path. */
  readonly port: number;
  /** Ends all connections, and every new one at once. */
  cut(): void;
  /** Hands on nothing any more, in either direction: whoever asks waits. */
  silence(): void;
  /** Ends what was interrupted, and hands on whatever comes from now on. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens a line to a service, on any port of loopback or where `from` says. */
export async function openLine(to: NetConnectOpts, from: ListenOptions = { host: "127.0.0.1", port: 0 }): Promise<Line> {
  const sockets = new Set<Socket>();
  let state: "whole" | "silent" | "cut" = "whole";
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const endAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };

  const server = createServer((client) => {
    keep(client);
    if (state === "cut") {
      client.destroy();
      return;
    }
    const service = createConnection(to);
    keep(service);
    for (const [one, other] of [
      [client, service],
      [service, client],
    ] as const) {
      one.on("data", (data) => {
        if (state !== "silent") other.write(data);
      });
      one.on("close", () => other.destroy());
    }
  });
  server.listen(from);
  await once(server, "listening");
  const address = server.address();

  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    cut() {
      state = "cut";
      endAll();
    },
    silence() {
      state = "silent";
    },
    mend() {
      if (state === "silent") endAll();
      state = "whole";
    },
    async close() {
      server.close();
      endAll();
      await once(server, "close");
    },
  };
}
