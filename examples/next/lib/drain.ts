import { subscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";
import { createDrain } from "@fairlead/core/node";
import type { Duration } from "@fairlead/core";
import { shop } from "./shop.ts";

/**
 * Next's own server closes at once when the process is asked to end. With `NEXT_MANUAL_SIG_HANDLE=true` it leaves signals to the application, but never shows it the server: Node.js does, with the first request.
 */
export function drainOnSignals(): void {
  const { DRAIN_DELAY = "5s", NEXT_MANUAL_SIG_HANDLE } = process.env;
  if (NEXT_MANUAL_SIG_HANDLE === undefined) return;
  const servers = new Set<Server>();
  subscribe("http.server.request.start", (message) => void servers.add((message as { readonly server: Server }).server));
  const drain = (): void => {
    const { begin } = createDrain({ servers: [...servers], health: shop, delay: DRAIN_DELAY as Duration, close: () => shop.close() });
    void begin().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, drain);
}
