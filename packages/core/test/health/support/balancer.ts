import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

/** An HAProxy in front of servers on this machine. */
export interface Balancer {
  readonly port: number;
  /** Waits until HAProxy itself says so of the server at this place. */
  untilSays(server: number, status: "UP" | "DOWN"): Promise<void>;
  stop(): Promise<void>;
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Neither HAProxy nor anybody else tries a request a second time: `retries 0`, no `redispatch`. A probe may take long, so that a machine that is busy is not taken for a server that is down.
 */
const configuration = (port: number, socket: string, ports: readonly number[]): string => `
global
  stats socket ${socket} mode 600
defaults
  mode http
  retries 0
  timeout connect 20s
  timeout client 60s
  timeout server 60s
  timeout check 20s
  option httpchk GET /api/health/ready
  http-check expect status 200
frontend shop
  bind 127.0.0.1:${String(port)}
  default_backend servers
backend servers
  balance roundrobin
  default-server check inter 100ms fall 2 rise 2
${ports.map((own, index) => `  server s${String(index)} 127.0.0.1:${String(own)}`).join("\n")}
`;

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const folder = mkdtempSync(join(tmpdir(), "balancer-"));
  const socket = join(folder, "stats.sock");
  const port = await freePort();
  writeFileSync(join(folder, "haproxy.cfg"), configuration(port, socket, ports));
  const child = spawn("haproxy", ["-db", "-f", join(folder, "haproxy.cfg")], { stdio: ["ignore", "ignore", "pipe"] });
  const words = text(child.stderr);
  const exited = once(child, "exit");

  const statusOf = async (server: number): Promise<string | undefined> => {
    const stream = connect(socket);
    stream.end("show stat\n");
    const rows = (await text(stream)).split("\n").map((line) => line.split(","));
    const column = rows[0]?.indexOf("status") ?? -1;
    return rows.find((row) => row[1] === `s${String(server)}`)?.[column];
  };
  return {
    port,
    async untilSays(server, wanted) {
      const until = Date.now() + 60_000;
      for (;;) {
        const status = await statusOf(server).catch(() => undefined);
        // While it makes up its mind it says `UP 1/2`.
        if (status === wanted) return;
        if (Date.now() > until || child.exitCode !== null) {
          const said = child.exitCode === null ? "" : await words;
          throw new Error(`HAProxy says ${String(status)} of s${String(server)}: ${said}`);
        }
        await pause(10);
      }
    },
    async stop() {
      child.kill("SIGKILL");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
