import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { sourceFlags } from "@fairlead/test-support";

export interface Shop {
  readonly child: ChildProcess & { readonly stdout: Readable };
  readonly port: number;
}

interface ShopOptions {
  /** Default: any that is free. */
  readonly port?: number;
  readonly delay?: string;
  /** The most that a request takes, in milliseconds. */
  readonly work?: number;
  /** Where it was built to. Default: it runs from its sources. */
  readonly program?: string;
}

/** Starts `shop.ts` in a process of its own, and answers it when it listens. */
export async function startShop({ port = 0, delay = "1s", work = 0, program }: ShopOptions): Promise<Shop> {
  const file = program ?? join(import.meta.dirname, "shop.ts");
  const child = fork(file, [String(port), delay, String(work)], {
    execArgv: program === undefined ? [...sourceFlags] : [],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  if (child.stdout === null) throw new Error("it has no output");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child: child as Shop["child"], port: Number(line.toString()) };
}
