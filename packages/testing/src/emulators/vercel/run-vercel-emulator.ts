import { createEmulatorClock } from "../shared/emulator-clock.js";
import { createFaultBook } from "../shared/fault-book.js";
import { createHeldResponses } from "../shared/held-responses.js";
import { createHttpEmulator } from "../shared/http-emulator.js";
import { createLedger } from "../shared/ledger.js";
import type { RunningEmulator } from "../shared/running-emulator.js";
import { vercelOptionsSchema } from "./vercel-options.js";
import { createVercelProvider } from "./vercel-provider.js";

/** Starts the emulated Vercel in this process. */
export async function runVercelEmulator(given: unknown): Promise<RunningEmulator> {
  const options = vercelOptionsSchema.parse(given ?? {});
  const frame = {
    clock: createEmulatorClock(options.clock),
    faults: createFaultBook(),
    held: createHeldResponses(),
    ledger: createLedger(),
  };
  const provider = createVercelProvider(options, frame);
  const server = createHttpEmulator(frame, provider, {
    ...provider,
    // A site on a port of its own: what a plain `fetch`, a browser or curl can ask without resolving names.
    async extra(name, body) {
      if (name !== "POST sites" || typeof body !== "object" || body === null || !("host" in body)) return undefined;
      return { url: await server.listenFor(String(body.host)) };
    },
  });
  const url = await server.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  return { address: { url, token: options.token, teamId: options.team.id }, stop: () => server.close() };
}
