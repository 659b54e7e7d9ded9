import { createEmulatorClock } from "../shared/emulator-clock.js";
import { createFaultBook } from "../shared/fault-book.js";
import { createHeldResponses } from "../shared/held-responses.js";
import { createHttpEmulator } from "../shared/http-emulator.js";
import { createLedger } from "../shared/ledger.js";
import type { RunningEmulator } from "../shared/running-emulator.js";
import { kubernetesOptionsSchema } from "./kubernetes-options.js";
import { createKubernetesProvider } from "./kubernetes-provider.js";

/** Starts the emulator of the Kubernetes API in this process. */
export async function runKubernetesEmulator(given: unknown): Promise<RunningEmulator> {
  const { host = "127.0.0.1", port = 0, ...options } = kubernetesOptionsSchema.parse(given ?? {});
  const frame = {
    clock: createEmulatorClock(options.clock),
    faults: createFaultBook(),
    held: createHeldResponses(),
    ledger: createLedger(),
  };
  const provider = createKubernetesProvider(options, frame);
  const server = createHttpEmulator(frame, provider, provider);
  return { address: { url: await server.listen({ host, port }) }, stop: () => server.close() };
}
