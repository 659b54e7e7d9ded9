import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { faint, heading, left, say } from "./print.ts";
import type { World } from "./world.ts";

/** Keeps everything up and says where, until the signal aborts. */
export async function serve(world: World, signal: AbortSignal): Promise<void> {
  const health = spawn(process.execPath, [...process.execArgv, "health.ts"], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, ...world.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(health, "exit");
  try {
    const address = await firstLine(health.stdout);
    const rows = [
      [world.shopUrl, "the shop, as production serves it"],
      [address, "its health; /ready and /live too"],
      [`${world.vercel.controlUrl}/__emulator/ledger`, "what Vercel was asked, and what it did"],
      [`${world.messages.controlUrl}/__emulator/ledger`, "messages to Slack and the webhook"],
      [`${world.mails.controlUrl}/__emulator/ledger`, "e-mails"],
    ] as const;
    say(heading("SERVING", "Ctrl-C ends it"), ...rows.map(([url, what]) => `   ${left(url, 44)}${faint(what)}`), "");
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    health.kill("SIGTERM");
    await ended;
  }
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return "";
}
