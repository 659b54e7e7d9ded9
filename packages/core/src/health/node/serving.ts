import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";
import { nextTurn } from "../../time/next-turn.js";

/** A server of `node:http`, `node:https` or `node:http2`, with what it has open. */
export interface Serving {
  /** From now on every answer asks the client to leave its connection. */
  letGo(): void;
  /** Accepts nothing more, and resolves when the last connection has ended. */
  close(): Promise<void>;
  /** Ends the connections that are left, whatever they do; answers how many. */
  cut(): number;
}

/** What of a session of HTTP/2 is needed. */
interface Session {
  /** Tells the client to begin nothing more; ends when what is under way is done. */
  close(): void;
  once(event: "close", listener: () => void): unknown;
}

/** Watches a server from now on; it should not have begun to listen. */
export function watchServer(server: Server & { readonly closeAllConnections?: () => void }): Serving {
  const sockets = new Set<Socket>();
  const sessions = new Set<Session>();
  let isLeaving = false;
  keepTrack(server, "connection", sockets);
  keepTrack(server, "session", sessions);
  server.prependListener("request", ({ httpVersionMajor }: IncomingMessage, response: ServerResponse) => {
    if (isLeaving && httpVersionMajor === 1 && !response.headersSent) response.setHeader("connection", "close");
  });
  return {
    letGo() {
      isLeaving = true;
    },
    async close() {
      // What has come already is taken in first: a connection that is not accepted yet, or a request that nobody has read, would be thrown away with what is idle. The first turn may be
      // the end of one that has looked already.
      await nextTurn();
      await nextTurn();
      return new Promise((resolve) => {
        // One that never listened says so by an error: then there is nothing to end.
        server.close(() => resolve());
        for (const session of sessions) session.close();
      });
    },
    cut() {
      const left = sockets.size;
      for (const socket of sockets) socket.destroy();
      // Those of before the watch began.
      server.closeAllConnections?.();
      return left;
    },
  };
}

function keepTrack<Item extends { once(event: "close", listener: () => void): unknown }>(
  server: Server,
  event: string,
  items: Set<Item>,
): void {
  server.on(event, (item: Item) => {
    items.add(item);
    item.once("close", () => void items.delete(item));
  });
}
