import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { sourceFlags } from "@fairlead/test-support";

/** Starts `shop.ts` in a process of its own, and answers it when it listens. `work` is how long it takes for a request, in milliseconds. */
export async function startShop({
  port = 0,
  delay = "1s",
  work = 0,
}: {
  readonly port?: number;
  readonly delay?: string;
  readonly work?: number;
}) {
  const program = join(import.meta.dirname, "shop.ts");
  const child = spawn(process.execPath, [...sourceFlags, program, String(port), delay, String(work)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, port: Number(line.toString()) };
}
