import type { Fault } from "@fairlead/testing/emulators";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DeployRun } from "../../stage/run-deploy.ts";
import type { World } from "../../stage/world.ts";
import type { Scene } from "./scene.ts";

/** A moment of the deployment of release 2 at which its process is killed. */
export type Kill = KillAtCommit | KillInFlight;

/** Before a commit of the journal is on the disk, or when it is and nobody has learned of it. */
interface KillAtCommit {
  readonly moment: "before" | "after";
  readonly commit: string;
}

/** While a provider has a request and the answer has not come: `acted` upon, or still `travelling` and acted upon when the process is gone. */
interface KillInFlight {
  readonly moment: "acted" | "travelling";
  readonly request: Request;
}

interface Request {
  readonly emulator: "vercel" | "messages" | "mails";
  /** An operation of the provider's API, or the host and path of a site that it serves. */
  readonly match: { readonly operation: string } | { readonly host: string; readonly path: string };
  /** Whether it changes something at the provider. */
  readonly changes: boolean;
  /** Which one of its kind, from 1. */
  readonly nth: number;
}

/** What came of a kill. */
export interface Death {
  readonly pid: number;
  /** Whether it struck; otherwise the process came to its end. */
  readonly struck: boolean;
  readonly run: DeployRun;
  /** Lets arrive at the provider what still travels. Idempotent. */
  arrive(): Promise<void>;
}

const watcher = new URL("./die-at-commit.ts", import.meta.url).href;

/** Deploys release 2 without a kill. Answers every moment at which its process could have been killed. */
export async function findKills(scene: Scene): Promise<readonly Kill[]> {
  const { world } = scene;
  await scene.goBack();
  const file = join(world.folder, "commits");
  await rm(file, { force: true });
  const { exitCode, problems } = await scene.run(["deploy", "production"], {
    nodeFlags: [`--import=${watcher}`],
    env: { NOTE_COMMITS_IN: file },
  });
  if (exitCode !== 0) throw new Error(`Release 2 could not be deployed: ${problems.join(" ")}`);
  const commits = (await readFile(file, "utf8")).trimEnd().split("\n");
  const requests = await requestsOf(world);
  return [
    ...commits.flatMap((commit) => (["before", "after"] as const).map((moment) => ({ moment, commit }))),
    ...requests.flatMap((request) =>
      (request.changes ? (["acted", "travelling"] as const) : (["acted"] as const)).map((moment) => ({ moment, request })),
    ),
  ];
}

async function requestsOf({ vercel, messages, mails }: World): Promise<readonly Request[]> {
  const [vercelLedger, messageLedger, mailLedger] = await Promise.all([vercel.ledger(), messages.ledger(), mails.ledger()]);
  const found = [
    ...vercelLedger.requests.map(
      ({ operation, method }) => ({ emulator: "vercel", match: { operation }, changes: method !== "GET" }) as const,
    ),
    ...vercelLedger.served.map(({ host, path }) => ({ emulator: "vercel", match: { host, path }, changes: false }) as const),
    ...messageLedger.requests.map(({ operation }) => ({ emulator: "messages", match: { operation }, changes: true }) as const),
    ...mailLedger.requests.map(
      ({ operation, method }) => ({ emulator: "mails", match: { operation }, changes: method === "DATA" }) as const,
    ),
  ];
  const counts = new Map<string, number>();
  return found.map((request) => {
    const kind = JSON.stringify(request.match);
    const nth = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, nth);
    return { ...request, nth };
  });
}

/** Whether every deployment comes by there. How often lines are logged, a lease is renewed and a provider is asked depends on how long things take, and how many messages are taken in hand at once on how many are due by then. */
export function isCertain(kill: Kill): boolean {
  return "commit" in kill ? !/^(log\.written|update lease|update outbox holder) /.test(`${kill.commit} `) : kill.request.changes;
}

export function nameOf(kill: Kill): string {
  if ("commit" in kill) return `${kill.moment} the commit of ${kill.commit}`;
  const { match, nth } = kill.request;
  const what = "operation" in match ? match.operation : `GET ${match.host}${match.path}`;
  return `while ${what} (${nth}) ${kill.moment === "acted" ? "is acted upon and not answered" : "travels"}`;
}

/** Deploys release 2 in a process that is killed. */
export function dieDeploying(scene: Scene, kill: Kill): Promise<Death> {
  return "commit" in kill ? dieAtCommit(scene, kill) : dieInFlight(scene, kill);
}

async function dieAtCommit(scene: Scene, { commit, moment }: KillAtCommit): Promise<Death> {
  let pid = 0;
  const run = await scene.run(["deploy", "production"], {
    nodeFlags: [`--import=${watcher}`],
    env: { DIE_AT_COMMIT: commit, DIE_AT_MOMENT: moment },
    onStart: (started) => {
      pid = started;
    },
  });
  return { pid, struck: run.exitCode >= 128, run, arrive: () => Promise.resolve() };
}

async function dieInFlight({ run: start, world }: Scene, { request, moment }: KillInFlight): Promise<Death> {
  const { match, nth } = request;
  const emulator = world[request.emulator];
  const fault: Fault = { kind: moment === "acted" ? "hold" : "hold-before", match, nth };
  await emulator.fault(fault);
  const { promise: started, resolve: onStart } = Promise.withResolvers<number>();
  const running = start(["deploy", "production"], { onStart });
  const pid = await started;
  const held = emulator.held({ within: "60s" });
  held.catch(() => undefined);
  const struck = await Promise.race([held.then(() => true), running.then(() => false)]);
  if (struck) process.kill(pid, "SIGKILL");
  const run = await running;
  return { pid, struck, run, arrive: () => emulator.release() };
}
