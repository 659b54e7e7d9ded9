import { createEmulatorClock } from "../shared/emulator-clock.js";
import { createFaultBook } from "../shared/fault-book.js";
import { createHeldResponses } from "../shared/held-responses.js";
import { createHttpEmulator } from "../shared/http-emulator.js";
import { createLedger } from "../shared/ledger.js";
import type { RunningEmulator } from "../shared/running-emulator.js";
import { edgeOptionsSchema } from "./edge-options.js";
import { createEdgeProvider } from "./edge-provider.js";
import { createEdgeProxy } from "./edge-proxy.js";
import { createEdgeState } from "./edge-state.js";

/** Starts the emulated edge in this process. */
export async function runEdgeEmulator(given: unknown): Promise<RunningEmulator> {
  const { host = "127.0.0.1", port = 0, clock, token, settings } = edgeOptionsSchema.parse(given ?? {});
  const frame = { clock: createEmulatorClock(clock), faults: createFaultBook(), held: createHeldResponses(), ledger: createLedger() };
  const edge = createEdgeState();
  const proxy = createEdgeProxy(edge, host);
  const provider = createEdgeProvider({ token, settings, edge, proxy, frame });
  const server = createHttpEmulator(frame, provider, {
    ...provider,
    async extra(name, body) {
      if (name !== "POST sites" || typeof body !== "object" || body === null || !("service" in body)) return undefined;
      return { url: await proxy.originOf(String(body.service)) };
    },
  });
  const url = await server.listen({ host, port });
  return {
    address: { url, token },
    async stop() {
      await Promise.all([proxy.close(), server.close()]);
    },
  };
}
