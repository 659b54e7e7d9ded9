import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Pooler {
  readonly url: string;
  /** The address of another database of the server, through the pooler. */
  through(url: string): string;
  /** How many connections to the server it has at most, for each database. */
  readonly connections: number;
  stop(): Promise<void>;
}

const connections = 3;

/** PgBouncer in front of a server: every transaction may run on another connection. `databases`: the one that it leads to; default each. `clients`: how many it lets in at once; default 100. */
export async function startPooler(
  url: string,
  { databases = "*", clients = 100 }: { readonly databases?: string; readonly clients?: number } = {},
): Promise<Pooler> {
  const { hostname, port, password } = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), "fairlead-pooler-"));
  await chmod(folder, 0o755);
  const own = await freePort();
  const file = join(folder, "pgbouncer.ini");
  await writeFile(
    file,
    `[databases]
${databases} = host=${hostname} port=${port} user=postgres password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(own)}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = ${String(clients)}
default_pool_size = ${String(connections)}
; It keeps connections for each database; a matrix makes hundreds of these.
server_idle_timeout = 10
`,
  );
  // It refuses to run as root.
  const user = userInfo().uid === 0 ? ["-u", "postgres"] : [];
  const pooler = spawn("pgbouncer", ["-q", ...user, file], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(pooler, "exit");
  await answers(own);
  const through = (direct: string): string => {
    const pooled = new URL(direct);
    pooled.port = String(own);
    return pooled.href;
  };
  return {
    url: through(url),
    through,
    connections,
    async stop() {
      pooler.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const isThere = await Promise.race([once(socket, "connect").then(() => true), sleep(1_000, false)]).catch(() => false);
    socket.destroy();
    if (isThere) return;
    await sleep(25);
  }
  throw new Error("pgbouncer does not answer");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
