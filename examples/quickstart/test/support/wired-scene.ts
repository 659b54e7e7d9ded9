import { docker, sourceFlags } from "@fairlead/test-support";
import Docker from "dockerode";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printDeploy } from "../../stage/run-deploy.ts";
import { watchProduction } from "../../stage/watch-production.ts";
import { readEngineRecords } from "./engine-records.ts";
import type { Passage } from "./fault-passage.ts";
import type { WatchedRun } from "./fault-stage.ts";
import { openFaultyWire, type FaultyWire, type WireFault } from "./faulty-wire.ts";
import { lookFromOutside } from "./seen-from-outside.ts";
import { startScene, type Scene } from "./scene.ts";

/** Where faults can be. */
export type Server = "database" | "engine";

/** Release 1 serves, and what deploys has a wire of its own to the database and to the Docker engine. */
export interface WiredScene {
  readonly wires: Readonly<Record<Server, FaultyWire>>;
  /** Deploys release 2, with a fault on one of the wires. `heals`: until the way back begins. */
  pass(options?: { readonly on?: Server; readonly fault?: WireFault; readonly heals?: boolean }): Promise<WiredPassage>;
  /** Any other command, after the wires have been mended. */
  run(words: readonly string[]): Promise<WatchedRun>;
  print(words: readonly string[]): Promise<readonly string[]>;
  look(): Promise<Pick<WiredPassage, "left" | "workers">>;
  stop(): Promise<void>;
}

export interface WiredPassage extends Passage {
  readonly workers: Workers;
}

/** The worker's containers, by the engine's word. */
export interface Workers {
  readonly hasEngine: boolean;
  /** Releases whose container runs. */
  readonly running: readonly string[];
  /** How many containers there are. */
  readonly count: number;
  /** How many were made since the deployment began. */
  readonly made: number;
  /** The release that production serves. */
  readonly production: string | undefined;
}

/** `FATAL`: as a server says it that is about to stop. */
const databaseRefusal = ((): Buffer => {
  const fields = Buffer.from("SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
})();

const problem = JSON.stringify({ message: "the engine is out of order" });
const engineRefusal = Buffer.from(
  `HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: ${problem.length}\r\nConnection: close\r\n\r\n${problem}`,
);

function nameOfStatement(text: string): string {
  return text
    .replace(/^.*?(user|select|set|begin|create|update|commit|discard|drop)\b/i, "$1")
    .replace(/^p .*/, "password")
    .replaceAll(/\d+@\S+|dep_\w+|_scratch_\w+|[0-9a-f]{12,}/g, "…")
    .slice(0, 70);
}

function nameOfRequest(text: string): string {
  return text
    .replace(/ HTTP.*$/, "")
    .replaceAll(/\?.*$|[0-9a-f]{12,}/g, "")
    .replaceAll(/shop-of-wires[^/]*/g, "");
}

export async function startWiredScene(index: number): Promise<WiredScene> {
  const application = `shop-of-wires-${process.pid}-${index}`;
  const folder = join(tmpdir(), `wires-${process.pid}-${index}`);
  const socket = join(folder, "engine.sock");
  const scene = await startScene(folder, application);
  const { vercel, database, shopUrl, worker } = scene.world;
  const url = new URL(database.url);
  const [toDatabase, toEngine] = await Promise.all([
    openFaultyWire({
      from: { host: "127.0.0.1", port: 0 },
      to: { host: url.hostname, port: Number(url.port) },
      refusal: databaseRefusal,
      nameOf: nameOfStatement,
      // Terminate.
      isFarewell: (said) => said[0] === 0x58,
    }),
    openFaultyWire({
      from: { path: socket },
      to: { path: docker.socketPath },
      refusal: engineRefusal,
      nameOf: nameOfRequest,
      isFarewell: () => false,
    }),
  ]);
  url.port = String(toDatabase.port);
  const env = {
    DATABASE_URL: url.href,
    SHOP_PROVIDERS: "near",
    ...(worker.available ? { SHOP_DOCKER_SOCKET: socket } : {}),
  };
  const wires = { database: toDatabase, engine: toEngine };
  let begunAt = Date.now();

  const watched = async (words: readonly string[], options: Parameters<Scene["run"]>[1] = {}): Promise<WatchedRun> => {
    const watch = watchProduction(new URL("version.json", shopUrl), 100);
    try {
      return { ...(await scene.run(words, { ...options, env })), samples: watch.samples };
    } finally {
      await watch.stop();
    }
  };

  const readWorkers = async (): Promise<Workers> => {
    const { projects, deployments } = await vercel.state();
    const production = deployments.find(({ id }) => id === projects[0]?.productionDeploymentId)?.meta["fairleadRelease"];
    if (!worker.available) return { hasEngine: false, running: [], count: 0, made: 0, production };
    const containers = await new Docker({ socketPath: docker.socketPath }).listContainers({
      all: true,
      filters: { label: [`fairlead.application=${application}`] },
    });
    const records = await readEngineRecords(docker.socketPath, application, begunAt);
    return {
      hasEngine: true,
      running: containers.flatMap(({ State, Labels }) => (State === "running" ? [Labels["fairlead.release"] ?? "unknown"] : [])),
      count: containers.length,
      made: records.filter(({ action }) => action === "create").length,
      production,
    };
  };
  const look: WiredScene["look"] = async () => ({ left: await lookFromOutside(scene.world), workers: await readWorkers() });

  return {
    wires,
    async pass({ on, fault, heals = false } = {}) {
      await scene.goBack();
      const kept = (await vercel.state()).deployments.map(({ id }) => id);
      begunAt = Date.now();
      for (const [server, wire] of Object.entries(wires)) wire.begin(server === on ? fault : undefined);
      const run = await watched(["deploy", "production"], {
        onEvent: ({ type }) => {
          if (heals && type === "rollback.started") for (const wire of Object.values(wires)) wire.heal();
        },
      });
      return { ...run, way: "the next release", end: run.events.at(-1)?.type ?? "never begun", calls: [], kept, ...(await look()) };
    },
    async run(words) {
      for (const wire of Object.values(wires)) wire.heal();
      return watched(words);
    },
    print: (words) => printDeploy(words, { env: { ...scene.world.env, ...env }, nodeFlags: sourceFlags }),
    look,
    async stop() {
      await Promise.all(Object.values(wires).map((wire) => wire.stop()));
      await scene.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
