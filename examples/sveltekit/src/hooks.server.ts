import { svelteKitHandle } from "@fairlead/core/http";
import { building } from "$app/env";
import { close, health, http } from "$lib/server/shop.ts";

export const handle = svelteKitHandle(http, { building });

/** `server.js` serves on for a while after a signal, and says when nothing is left to be answered. */
export async function init(): Promise<void> {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => health.drain());
  process.once("sveltekit:shutdown", () => void close());
  // What the first answer costs, such as connecting to the database, is paid before the server listens.
  if (!building) await http.fetch(new Request("http://localhost/api/health"));
}
