import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface PrometheusServer {
  readonly port: number;
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts a Prometheus that scrapes nothing and takes what is written into it. A sample is forgotten after ten seconds. */
export async function startPrometheus(): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-prometheus-"));
  await writeFile(join(folder, "prometheus.yml"), "global: { scrape_interval: 1h }\n");
  const server = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
      "--web.enable-remote-write-receiver",
      "--query.lookback-delta=10s",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(server, "exit");
  const stop = async (): Promise<void> => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const port = await listeningPort(createInterface(server.stderr));
  const origin = `http://127.0.0.1:${String(port)}`;
  for (const until = Date.now() + 30_000; Date.now() < until; await new Promise((resolved) => setTimeout(resolved, 50))) {
    if ((await fetch(`${origin}/-/ready`)).ok) return { port, origin, stop };
  }
  await stop();
  throw new Error("Prometheus was not ready within 30 s");
}

async function listeningPort(lines: AsyncIterable<string>): Promise<number> {
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    const port = /msg="Listening on" address=127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`Prometheus ended:\n${said.slice(-5).join("\n")}`);
}
