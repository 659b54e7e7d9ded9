import { digestOf, fail, toMilliseconds, type Duration } from "@fairlead/core";
import { dockerTestingErrors } from "./docker-testing-errors.js";
import { engineRequest, problemOf, type EngineAnswer } from "./engine-request.js";
import { packImage, type ImageFile } from "./image-tar.js";
import { findNodeRuntime, nodeInImage } from "./node-runtime.js";

/** What a test's image is made of. */
export interface WorkerImageOptions {
  /** Where the engine listens. Default `/var/run/docker.sock`. */
  readonly socketPath?: string;
  /** Name and tag that the image gets, e.g. `shop-worker:1`; moved if it is another image's. */
  readonly tag: string;
  /** The JavaScript module that a container of it runs, as process 1. */
  readonly script: string;
  /** What a container runs instead of the script. The script lies at `/app/worker.mjs`, Node.js at `/usr/local/bin/node`; there is no shell. */
  readonly command?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** How the engine asks a container whether it is well; `script` is run by Node.js and says yes with exit code 0. */
  readonly healthcheck?: { readonly script: string; readonly interval: Duration; readonly retries?: number };
}

/** The image, or why there cannot be one here. */
export type WorkerImage =
  | {
      readonly available: true;
      readonly tag: string;
      /** `sha256:<hex>`. */
      readonly id: string;
      /** False when the tag had this content already. */
      readonly built: boolean;
    }
  | { readonly available: false; readonly reason: string };

/** Names the content of an image that was built here. */
const contentLabel = "fairlead.testing.content";

/**
 * Builds a small image that runs a script with this machine's Node.js, without a registry: from nothing but the program, its libraries and the script. The same
 * content is built once. Where no engine answers, or one that cannot run this machine's programs, the answer says so instead of throwing; a build that the engine
 * refuses throws `TESTIMAGE_BUILD_FAILED`.
 */
export async function buildWorkerImage(options: WorkerImageOptions): Promise<WorkerImage> {
  const socketPath = options.socketPath ?? "/var/run/docker.sock";
  const obstacle = await findObstacle(socketPath);
  if (obstacle !== undefined) return { available: false, reason: obstacle };
  const base = await ensureBase(socketPath);
  const { tag, script, command, labels = {}, healthcheck } = options;
  const content = digestOf({ base, script, command, labels, healthcheck: healthcheck === undefined ? undefined : { ...healthcheck } });
  const known = await inspectImage(socketPath, tag);
  if (known?.content === content) return { available: true, tag, id: known.id, built: false };
  const query = new URLSearchParams({ t: tag, rm: "1", forcerm: "1", labels: JSON.stringify({ ...labels, [contentLabel]: content }) });
  const files: ImageFile[] = [
    { path: "Dockerfile", content: dockerfile(base, options) },
    { path: "worker.mjs", content: script },
  ];
  requireSuccess(tag, await engineRequest(socketPath, { method: "POST", path: `/build?${query.toString()}`, tar: packImage(files) }));
  const built = await inspectImage(socketPath, tag);
  if (built === undefined) throw fail(dockerTestingErrors, "TESTIMAGE_BUILD_FAILED", { tag, problem: "it is not there after the build" });
  return { available: true, tag, id: built.id, built: true };
}

function dockerfile(base: string, { command, healthcheck }: WorkerImageOptions): string {
  const lines = [`FROM ${base}`, "COPY worker.mjs /app/worker.mjs"];
  if (healthcheck !== undefined) {
    const interval = `${String(toMilliseconds(healthcheck.interval))}ms`;
    const probe = JSON.stringify([nodeInImage, "--input-type=module", "--eval", healthcheck.script]);
    lines.push(`HEALTHCHECK --interval=${interval} --retries=${String(healthcheck.retries ?? 3)} CMD ${probe}`);
  }
  lines.push(`CMD ${JSON.stringify(command ?? [nodeInImage, "/app/worker.mjs"])}`);
  return `${lines.join("\n")}\n`;
}

/** The image that all others stand on: Node.js and nothing else. Imported once per content. */
async function ensureBase(socketPath: string): Promise<string> {
  const runtime = await findNodeRuntime();
  const [repo, version] = ["fairlead-testing/node", runtime.digest.slice(0, 16)];
  const tag = `${repo}:${version}`;
  if ((await inspectImage(socketPath, tag)) !== undefined) return tag;
  const query = new URLSearchParams({ fromSrc: "-", repo, tag: version });
  const tar = packImage(
    runtime.files.map((file) => ({ ...file, mode: 0o755 })),
    [{ path: "/tmp", mode: 0o1777 }],
  );
  requireSuccess(tag, await engineRequest(socketPath, { method: "POST", path: `/images/create?${query.toString()}`, tar }));
  return tag;
}

function requireSuccess(tag: string, answer: EngineAnswer): void {
  const problem = problemOf(answer);
  if (problem !== undefined) throw fail(dockerTestingErrors, "TESTIMAGE_BUILD_FAILED", { tag, problem });
}

async function inspectImage(socketPath: string, tag: string): Promise<{ readonly id: string; readonly content?: string } | undefined> {
  const answer = await engineRequest(socketPath, { method: "GET", path: `/images/${encodeURI(tag)}/json` });
  if (answer.status === 404) return undefined;
  requireSuccess(tag, answer);
  const { Id, Config } = JSON.parse(answer.body) as { Id: string; Config: { Labels?: Record<string, string> | null } | null };
  const content = Config?.Labels?.[contentLabel];
  return { id: Id, ...(content === undefined ? {} : { content }) };
}

/** Why no container can run this machine's Node.js, if none can. */
async function findObstacle(socketPath: string): Promise<string | undefined> {
  const answer = await engineRequest(socketPath, { method: "GET", path: "/version" }).catch(() => undefined);
  if (answer?.status !== 200) return `no Docker engine answers at ${socketPath}`;
  const { Os, Arch } = JSON.parse(answer.body) as { Os: string; Arch: string };
  const here = `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`;
  return `${Os}/${Arch}` === here ? undefined : `the engine runs ${Os}/${Arch} programs, and this machine's Node.js is for ${here}`;
}
