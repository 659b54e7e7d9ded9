import { docker, sourceFlags } from "@fairlead/test-support";
import type { LeakSource } from "@fairlead/testing";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { escapeLiteral } from "pg";
import { buildShop } from "../../build.ts";
import { runSql } from "../../stage/database.ts";
import { startWorld, type World } from "../../stage/world.ts";
import { plantSecrets, type PlantedSecret, type PlantedSecrets } from "./planted-secrets.ts";
import { recordWire, type RecordedWire } from "./recorded-wire.ts";
import { readSinks } from "./sinks.ts";

const everySink = [
  "journal",
  "file journal.db",
  "database",
  "spans and metrics",
  "health answers",
  "messages to slack",
  "messages to webhook",
  "messages by e-mail",
  "ledger of Vercel",
  "ledger of the sink",
  "ledger of the inbox",
  "wire to vercel",
  "wire to slack",
  "wire to webhook",
  "wire to smtp",
  "wire to postgres",
];

const example = join(import.meta.dirname, "../..");

export interface ShopRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShopRunOptions {
  /** Above what the shop finds in its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** What the shop's process talks to, by provider. */
export type Wires = Readonly<Record<"vercel" | "slack" | "webhook" | "smtp" | "postgres" | "docker", RecordedWire>>;

/** A stage whose every secret is planted, where everything is kept that comes out of the shop. */
export interface SecrecyStage {
  readonly world: World;
  readonly wires: Wires;
  readonly secrets: readonly PlantedSecret[];
  /** As the shop's process finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** How a provider answers that says again what it was sent: with every secret of the shop, in several ways. */
  readonly echo: string;
  /** The same as Vercel says it. */
  readonly body: { readonly error: { readonly code: string; readonly message: string } };
  /** What the sources of texts begin with, for each kind of place that something can come out of. */
  readonly sinks: readonly string[];
  /** Runs `node deploy.ts <words>`. */
  run(words: string, options?: ShopRunOptions): Promise<ShopRun>;
  /** Builds a release. */
  build(release: string): Promise<void>;
  /** Builds a release and deploys it. */
  deploy(release: string, flags?: string, options?: ShopRunOptions): Promise<ShopRun>;
  /** Runs `health.ts` and asks it once its checks have run. */
  askHealth(options?: ShopRunOptions): Promise<void>;
  /** Everything that has come out so far, without what stands where it belongs. */
  cameOut(): Promise<readonly LeakSource[]>;
  stop(): Promise<void>;
}

export async function startSecrecyStage(options: {
  readonly application: string;
  readonly worker: "where-possible" | "never";
}): Promise<SecrecyStage> {
  const folder = await mkdtemp(join(tmpdir(), "secrecy-"));
  const planted = plantSecrets();
  const world = await startWorld({ ...options, folder, dockerSocket: docker.socketPath, credentials: planted.credentials });
  const wires = await openWires(world, folder);
  const env = environmentOf(world, { wires, planted, folder });
  const echo = echoOf(env);
  await runSql(world.database.url, `alter role postgres set shop.echo = ${escapeLiteral(echo)}`);
  const traces = { temporary: join(folder, "temporary"), telemetry: join(folder, "telemetry") };
  for (const trace of Object.values(traces)) await mkdir(trace);
  const outputs: LeakSource[] = [];
  const keep = (words: string, { stdout, stderr }: ShopRun): void => {
    outputs.push({ source: `${words.includes("--json") ? "JSON lines" : "stdout"} of ${words}`, text: stdout });
    outputs.push({ source: `stderr of ${words}`, text: stderr });
  };
  let runs = 0;
  const environment = ({ env: more }: ShopRunOptions): NodeJS.ProcessEnv => ({
    ...process.env,
    ...env,
    SHOP_PROVIDERS: "near",
    NO_COLOR: "1",
    TMPDIR: traces.temporary,
    TELEMETRY: join(traces.telemetry, `${String((runs += 1))}.json`),
    // The processes need not compile the same sources again.
    NODE_COMPILE_CACHE: join(tmpdir(), "secrecy-compiled"),
    ...more,
  });
  const flags = [...sourceFlags, `--import=${new URL("record-telemetry.ts", import.meta.url).href}`];

  const stage: SecrecyStage = {
    world,
    wires,
    secrets: planted.secrets.filter(({ name }) => env[name] !== undefined),
    env,
    echo,
    body: { error: { code: "bad_request", message: echo } },
    sinks: [...everySink, ...(world.worker.available ? ["container", "wire to docker"] : [])],
    async run(words, more = {}) {
      const done = await new Promise<ShopRun>((resolve) => {
        const settings = { cwd: example, env: environment(more), maxBuffer: 1 << 27 };
        const given = [...words.split(" "), ...(more.reason === undefined ? [] : ["--reason", more.reason])];
        const child = execFile(process.execPath, [...flags, "deploy.ts", ...given], settings, (_, stdout, stderr) => {
          resolve({ exitCode: child.exitCode ?? 128, stdout, stderr });
        });
      });
      keep(words, done);
      return done;
    },
    async build(release) {
      await buildShop(release, world.release);
    },
    async deploy(release, given = "", more) {
      await stage.build(release);
      return stage.run(`deploy production${given}`, more);
    },
    async askHealth(more = {}) {
      const child = spawn(process.execPath, [...flags, "health.ts"], { cwd: example, env: environment(more) });
      const said = { exitCode: 0, stdout: "", stderr: "" };
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said.stderr += text;
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const { value: address = "" } = await lines.next();
      const answers: string[] = [String(address)];
      for (const path of ["/api/health", "/ready", "/live", "/api/health?details=true"]) {
        const response = await fetch(new URL(path, String(address)), { headers: { accept: "application/json" } });
        answers.push(`${String(response.status)} ${JSON.stringify([...response.headers])} ${await response.text()}`);
      }
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      outputs.push({ source: "health answers", text: answers.join("\n") });
      keep("health", said);
    },
    cameOut: async () => [...outputs, ...(await readSinks({ world, wires, planted, env, folder, traces }))],
    async stop() {
      await Promise.all(Object.values(wires).map((wire) => wire.stop()));
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

async function openWires({ env, worker }: World, folder: string): Promise<Wires> {
  const to = (name: string): Promise<RecordedWire> => {
    const { hostname: host, port } = new URL(env[name] ?? "");
    return recordWire({ host, port: Number(port) });
  };
  const socket = worker.available ? (env["SHOP_DOCKER_SOCKET"] ?? "") : join(folder, "no-engine.sock");
  const [vercel, slack, webhook, smtp, postgres, engine] = await Promise.all([
    to("VERCEL_API_URL"),
    to("SLACK_WEBHOOK_URL"),
    to("WEBHOOK_URL"),
    to("SMTP_URL"),
    to("DATABASE_URL"),
    recordWire({ path: socket }, { path: join(folder, "engine.sock") }),
  ]);
  return { vercel, slack, webhook, smtp, postgres, docker: engine };
}

function environmentOf(
  { env, worker }: World,
  { wires, planted, folder }: { readonly wires: Wires; readonly planted: PlantedSecrets; readonly folder: string },
): Readonly<Record<string, string>> {
  const through = (name: string, { port }: RecordedWire): string => Object.assign(new URL(env[name] ?? ""), { port: String(port) }).href;
  return {
    ...env,
    VERCEL_API_URL: through("VERCEL_API_URL", wires.vercel).replace(/\/$/, ""),
    DATABASE_URL: through("DATABASE_URL", wires.postgres),
    SLACK_WEBHOOK_URL: through("SLACK_WEBHOOK_URL", wires.slack),
    WEBHOOK_URL: `${through("WEBHOOK_URL", wires.webhook)}?key=${encodeURIComponent(planted.webhookKey)}`,
    SMTP_URL: through("SMTP_URL", wires.smtp),
    ...(worker.available ? { SHOP_DOCKER_SOCKET: join(folder, "engine.sock") } : {}),
  };
}

function echoOf(env: Readonly<Record<string, string>>): string {
  const names = [
    "VERCEL_TOKEN",
    "DATABASE_URL",
    "SLACK_WEBHOOK_URL",
    "SMTP_URL",
    "WEBHOOK_URL",
    "WEBHOOK_SECRET",
    "SHOP_WORKER_DATABASE_URL",
  ];
  const values = names.flatMap((name) => env[name] ?? []);
  const written = values.flatMap((value) => [
    value,
    encodeURIComponent(value),
    JSON.stringify(value),
    Buffer.from(`shop:${value}`).toString("base64"),
    Buffer.from(value).toString("hex"),
  ]);
  return `it was asked with ${written.join(" | ")}`;
}
