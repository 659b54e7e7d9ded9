import { svelteKitHandle } from "@fairlead/core/http";
import { building } from "$app/env";
import { close, health, http } from "$lib/server/shop.ts";

export const handle = svelteKitHandle(http, { building });

/** `server.js` serves on for a while after a signal, and says when nothing is left to be answered. */
export function init(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => health.drain());
  process.once("sveltekit:shutdown", () => void close());
}
