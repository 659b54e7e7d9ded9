import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { refuse } from "./refusal.js";

const infoSchema = z.object({ ID: z.string(), Operation: z.string(), Who: z.string(), Created: z.string(), pid: z.number() });

/** Holds the lock of a state while it works. A lock whose process is gone is none, as with the system's own file locks. */
export async function withLock<Result>(
  path: string,
  { operation, timeout }: { readonly operation: string; readonly timeout: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const file = join(dirname(path), `.${basename(path)}.lock.info`);
  const info = { ID: randomUUID(), Operation: operation, Who: `${userInfo().username}@${hostname()}`, Created: new Date().toISOString() };
  mkdirSync(dirname(path), { recursive: true });
  const until = Date.now() + timeout;
  while (!take(file, JSON.stringify({ ...info, Path: basename(path), pid: process.pid }))) {
    const holder = holderOf(file);
    if (holder === undefined) rmSync(file, { force: true });
    else if (Date.now() >= until) {
      refuse(
        [
          "Error acquiring the state lock",
          "",
          "Error message: resource temporarily unavailable",
          "Lock Info:",
          `  ID:        ${holder.ID}`,
          `  Path:      ${basename(path)}`,
          `  Operation: ${holder.Operation}`,
          `  Who:       ${holder.Who}`,
          "  Version:   1.11.4",
          `  Created:   ${holder.Created}`,
          "  Info:      ",
        ].join("\n"),
      );
    } else await setTimeout(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

function holderOf(file: string): z.output<typeof infoSchema> | undefined {
  try {
    const info = infoSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    process.kill(info.pid, 0);
    return info;
  } catch {
    return undefined;
  }
}
