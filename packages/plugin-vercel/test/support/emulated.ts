import { createVercelEmulator, type VercelEmulator, type VercelSettings } from "@fairlead/testing/emulators";
import type { VercelOptions } from "../../src/options.js";
import { setUpPlugin, type PluginSetting, type RunningPlugin } from "./plugin.js";

export interface EmulatedVercel extends AsyncDisposable {
  readonly emulator: VercelEmulator;
  /** The plugin on it, as one process has it. */
  readonly createPlugin: (options?: Partial<Omit<VercelOptions, "token">>, setting?: PluginSetting) => Promise<RunningPlugin>;
  /** Calls the API as somebody else would. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<unknown>;
}

/** An emulated Vercel with a project `shop` that has two domains of its own. */
export async function startVercel(settings: Partial<VercelSettings> = {}): Promise<EmulatedVercel> {
  const emulator = await createVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example", "www.shop.example"] }],
    settings: { build: "5ms", move: "5ms", ...settings },
  }).listen();
  return {
    emulator,
    createPlugin: (options = {}, setting) =>
      setUpPlugin({ apiUrl: emulator.url, fetch: emulator.fetch, health: { path: "/health.json" }, ...options }, setting),
    async api(method, path, body) {
      const response = await fetch(emulator.url + path, {
        method,
        headers: { authorization: `Bearer ${emulator.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return response.json().catch(() => undefined);
    },
    [Symbol.asyncDispose]: () => emulator.stop(),
  };
}
