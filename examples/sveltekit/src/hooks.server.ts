import { svelteKitHandle } from "@fairlead/core/http";
import { building } from "$app/env";
import { close, health, http } from "$lib/server/shop.ts";

export const handle = svelteKitHandle(http, { building });

/**
 * Asks once before the server listens: what the first answer costs (loading the driver of the database, connecting) nobody waits for. `server.js` serves on for a while after a signal, and says when nothing is left to be
 * answered.
 */
export async function init(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => health.drain());
  process.once("sveltekit:shutdown", () => void close());
  if (!building) await http.fetch(new Request("http://localhost/api/health"));
}
