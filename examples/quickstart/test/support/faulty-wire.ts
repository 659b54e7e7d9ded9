import { once } from "node:events";
import { createConnection, createServer, type ListenOptions, type NetConnectOpts, type Socket } from "node:net";

/** Something that a client said and a server had to answer, whatever the protocol. */
export interface Exchange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the client said, without what differs from run to run. */
  readonly name: string;
}

/** What can happen to an exchange: it is never answered; it is refused; it does not get there; the answer does not come back. */
export type WireFaultKind = "a hang" | "a refusal" | "a reset" | "a lost answer";

export interface WireFault {
  readonly kind: WireFaultKind;
  /** The how-many-th exchange of this name, over all connections. */
  readonly name: string;
  readonly nth: number;
  /** It strikes everything that comes behind, too. */
  readonly stays?: boolean;
}

/** Stands between a client and a server, and understands neither. */
export interface FaultyWire {
  /** Forgets what there was, and does this from now on. */
  begin(fault?: WireFault): void;
  heal(): void;
  exchanges(): readonly Exchange[];
  stop(): Promise<void>;
}

export interface WireOptions {
  readonly from: ListenOptions;
  readonly to: NetConnectOpts;
  /** How the server says that it cannot. */
  readonly refusal: Buffer;
  /** What a text of the client is called. */
  readonly nameOf: (text: string) => string;
  /** What the client says without expecting an answer. */
  readonly isFarewell: (said: Buffer) => boolean;
}

export async function openFaultyWire({
  from,
  to,
  refusal,
  nameOf,
  isFarewell,
}: WireOptions): Promise<FaultyWire & { readonly port: number }> {
  const open = new Set<Socket>();
  let fault: WireFault | undefined;
  let exchanges: Exchange[] = [];

  const kindOfNext = (said: Buffer): WireFaultKind | undefined => {
    const name = nameOf(textOf(said));
    exchanges.push({ at: Date.now(), name });
    if (fault === undefined) return undefined;
    const count = exchanges.filter((exchange) => exchange.name === fault?.name).length;
    const strikes = fault.stays === true ? count >= fault.nth : name === fault.name && count === fault.nth;
    return strikes ? fault.kind : undefined;
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ ...to, allowHalfOpen: true });
    const sockets = [client, upstream];
    let isAnswered = true;
    let struck: WireFaultKind | undefined;
    const cut = (): void => {
      // Only TCP knows a reset.
      if ("path" in from) client.destroy();
      else client.resetAndDestroy();
      upstream.destroy();
    };
    for (const socket of sockets) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        if (struck === undefined) for (const other of sockets) other.destroy();
      });
    }
    client.on("data", (said) => {
      if (struck === "a hang") return;
      if (isAnswered && !isFarewell(said)) {
        isAnswered = false;
        struck = kindOfNext(said);
      }
      if (struck === "a reset") cut();
      else if (struck === "a refusal") {
        upstream.destroy();
        client.end(refusal);
      } else if (struck !== "a hang") upstream.write(said);
    });
    client.on("end", () => upstream.end());
    upstream.on("data", (said) => {
      isAnswered = true;
      if (struck === "a lost answer") cut();
      else client.write(said);
    });
    upstream.on("end", () => client.end());
  });
  server.listen(from);
  await once(server, "listening");
  const address = server.address();

  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    begin(next) {
      fault = next;
      exchanges = [];
    },
    heal() {
      fault = undefined;
    },
    exchanges: () => exchanges,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function textOf(said: Buffer): string {
  return said
    .toString("latin1")
    .replaceAll(/[^\x20-\x7e]+/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
