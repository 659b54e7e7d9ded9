import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import type { HostMessage } from "../host/host.ts";
import type { Supervised } from "../host/supervised.ts";

/** Keeps the shop's own process: one serves, and another one takes its place when that is asked for. */
export interface Supervisor {
  current(): Supervised;
  /** Asks the process that serves for a release of itself. Resolves with the id of the deployment. */
  order(release: string): Promise<string>;
  /** Resolves when that process is gone. */
  gone(pid: number): Promise<void>;
  stop(): Promise<void>;
}

interface Running extends Supervised {
  readonly child: ChildProcess;
}

const example = join(import.meta.dirname, "..");

/** Starts the first process of the shop. `env` is what `settings.ts` reads. */
export async function startSupervisor(
  env: Readonly<Record<string, string>>,
  nodeFlags: readonly string[] = process.execArgv,
): Promise<Supervisor> {
  const children: ChildProcess[] = [];
  let serving: Running | undefined;

  const start = async (candidate: string): Promise<Running> => {
    const child = fork("host/host.ts", [], {
      cwd: example,
      execArgv: [...nodeFlags],
      env: { ...process.env, ...env, SHOP_SUPERVISOR_URL: url() },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.push(child);
    const { health } = await said(child, "ready");
    return { candidate, pid: child.pid ?? 0, health, child };
  };
  /** The new one serves before the old one is told to go. */
  const replace = async (candidate: string): Promise<void> => {
    if (serving?.candidate === candidate) return;
    const before = serving;
    serving = await start(candidate);
    before?.child.kill("SIGTERM");
  };

  const server = createServer((request, response) => {
    const [, candidate] = /^\/serve\/([\w-]+)$/.exec(request.url ?? "") ?? [];
    const answer = (): void => {
      response.end(JSON.stringify(publicly(serving)));
    };
    if (candidate === undefined) answer();
    else void replace(candidate).then(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = (): string => {
    const address = server.address();
    return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/` : "";
  };
  serving = await start("host-before");

  return {
    current: () => publicly(serving),
    async order(release) {
      const child = serving?.child;
      if (child === undefined) throw new Error("Nothing serves");
      child.send(release);
      return (await said(child, "deploying")).id;
    },
    async gone(pid) {
      const child = children.find((one) => one.pid === pid);
      if (child !== undefined && !isGone(child)) await once(child, "exit");
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      for (const child of children.filter((one) => !isGone(one))) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    },
  };
}

function publicly(running: Running | undefined): Supervised {
  return { candidate: running?.candidate ?? "", pid: running?.pid ?? 0, health: running?.health ?? "" };
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** The next message of this kind. */
async function said<Type extends HostMessage["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<HostMessage, { readonly type: Type }>> {
  const isMeant = (message: HostMessage): message is Extract<HostMessage, { readonly type: Type }> => message.type === type;
  return new Promise((resolve, reject) => {
    const onMessage = (message: HostMessage): void => {
      if (!isMeant(message)) return;
      child.off("message", onMessage);
      resolve(message);
    };
    child.on("message", onMessage);
    child.once("exit", () => {
      reject(new Error(`The shop's own process ended and never said "${type}"`));
    });
  });
}
