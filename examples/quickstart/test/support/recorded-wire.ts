import { once } from "node:events";
import { createConnection, createServer, type ListenOptions, type NetConnectOpts, type Socket } from "node:net";

/** Stands between the shop and a provider, and keeps every byte that the shop sends. */
export interface RecordedWire {
  /** 0 where it listens on a path. */
  readonly port: number;
  /** What was sent, one character for each byte; connections one after the other. */
  said(): string;
  /** From now on what matches is not handed on: the provider's answer is this. */
  answer(request: RegExp, answer: string): void;
  stop(): Promise<void>;
}

export async function recordWire(to: NetConnectOpts, from: ListenOptions = { host: "127.0.0.1", port: 0 }): Promise<RecordedWire> {
  const connections: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const answers: { readonly request: RegExp; readonly answer: string }[] = [];
  const server = createServer((client) => {
    const provider = createConnection(to);
    const said: Buffer[] = [];
    connections.push(said);
    for (const [one, other] of [
      [client, provider],
      [provider, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    provider.on("data", (data) => client.write(data));
    client.on("data", (data) => {
      said.push(data);
      const answered = answers.find(({ request }) => request.test(data.toString("latin1")));
      if (answered === undefined) provider.write(data);
      else client.end(answered.answer);
    });
  });
  server.listen(from);
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    said: () => connections.map((said) => Buffer.concat(said).toString("latin1")).join("\n"),
    answer(request, answer) {
      answers.push({ request, answer });
    },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
