import type { DeploymentEvent, LogEntry } from "../../contract/deployment-events.js";
import type { Deployment } from "../../deployer/types.js";
import type { Clock } from "../../time/clock.js";
import type { HttpDeployer } from "../http-options.js";
import { findDeployment, readDeployment } from "./find.js";
import type { DeploymentStatus } from "./schemas.js";

/** Between two looks for a worker that takes a request, and before lines that came behind the last event, in milliseconds. */
const lookEvery = 1_000;

/** One thing to tell, made once for all who listen. */
export interface Piece {
  readonly kind: "event" | "line";
  /** Version of the event, or the number of the line. */
  readonly number: number;
  readonly json: string;
}

/** How it ends. `isRequest`: no worker has made a deployment of it, so that there was nothing else to tell. */
export interface FeedEnd {
  readonly status: DeploymentStatus;
  readonly isRequest: boolean;
}

/** What happens in one deployment, read once however many listen. */
export interface Feed {
  /** All that is known so far, in the order in which it was read. */
  readonly pieces: readonly Piece[];
  /** Whether a worker has to take it first. */
  readonly isWaiting: boolean;
  /** Absent while it goes on. */
  readonly end: FeedEnd | undefined;
  /** What it broke off with. */
  readonly failure: { readonly error: unknown } | undefined;
  /** Resolves at the next thing there is to tell, and when `signal` aborts. */
  next(signal: AbortSignal): Promise<void>;
}

/** Feeds of deployments that somebody listens to. */
export interface Feeds {
  /** Joins whoever listens already. `leave` has to be called once: behind the last one nothing is read any more. */
  join(id: string): { readonly feed: Feed; readonly leave: () => void };
}

interface Running {
  readonly feed: Feed;
  readonly stop: AbortController;
  listeners: number;
}

export function createFeeds(deployer: HttpDeployer, clock: Clock): Feeds {
  const running = new Map<string, Running>();
  return {
    join(id) {
      const joined = running.get(id) ?? begin(id);
      joined.listeners += 1;
      return {
        feed: joined.feed,
        leave() {
          joined.listeners -= 1;
          if (joined.listeners > 0) return;
          joined.stop.abort("nobody listens any more");
          if (running.get(id) === joined) running.delete(id);
        },
      };
    },
  };

  function begin(id: string): Running {
    const stop = new AbortController();
    const begun: Running = { feed: createFeed(deployer, id, { clock, signal: stop.signal, onOver: forget }), stop, listeners: 0 };
    running.set(id, begun);
    return begun;

    // It may go on later, as after a person has decided: whoever comes then has it read anew.
    function forget(): void {
      if (running.get(id) === begun) running.delete(id);
    }
  }
}

function createFeed(
  deployer: HttpDeployer,
  id: string,
  { clock, signal, onOver }: { readonly clock: Clock; readonly signal: AbortSignal; readonly onOver: () => void },
): Feed {
  const pieces: Piece[] = [];
  const waiting = new Set<() => void>();
  let end: FeedEnd | undefined;
  let failure: Feed["failure"];
  let isWaiting = false;
  let lines = 0;

  const wake = (): void => {
    for (const one of [...waiting]) one();
  };
  const tell = (piece: Piece): void => {
    if (signal.aborted) return;
    pieces.push(piece);
    wake();
  };
  // However long it takes until the reading ends: nobody wants what was read.
  signal.addEventListener("abort", () => pieces.splice(0), { once: true });
  const tellLine = (entry: LogEntry): void => tell({ kind: "line", number: (lines += 1), json: JSON.stringify(lineOf(entry)) });
  const tellEvent = (event: DeploymentEvent): void => tell({ kind: "event", number: event.version, json: JSON.stringify(event) });

  const onWait = (): void => {
    const isNew = !isWaiting;
    isWaiting = true;
    if (isNew) wake();
  };

  const read = async (): Promise<void> => {
    const deployment = await untilBegun(deployer, id, { clock, signal, onWait });
    isWaiting = false;
    if (deployment !== undefined) await readThrough(deployer, deployment, { signal, tellEvent, tellLine, told: () => lines });
    if (signal.aborted) return;
    end = { status: await readDeployment(deployer, id, 0), isRequest: deployment === undefined };
  };
  read()
    .catch((error: unknown) => {
      failure = { error };
    })
    .finally(() => {
      onOver();
      wake();
    });

  return {
    pieces,
    get isWaiting() {
      return isWaiting;
    },
    get end() {
      return end;
    },
    get failure() {
      return failure;
    },
    next: (gone) =>
      new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          gone.removeEventListener("abort", done);
          resolve();
        };
        waiting.add(done);
        gone.addEventListener("abort", done, { once: true });
        if (gone.aborted) done();
      }),
  };
}

/** `undefined` for a request that will not become one, or that nobody waits for any more. */
async function untilBegun(
  deployer: HttpDeployer,
  id: string,
  { clock, signal, onWait }: { readonly clock: Clock; readonly signal: AbortSignal; readonly onWait: () => void },
): Promise<Deployment | undefined> {
  for (;;) {
    const found = await findDeployment(deployer, id);
    if (found.kind === "deployment") return found.deployment;
    if (found.request.error !== null) return undefined;
    onWait();
    await clock.sleep(lookEvery, { signal, background: true }).catch(() => undefined);
    if (signal.aborted) return undefined;
  }
}

interface Reading {
  readonly signal: AbortSignal;
  readonly tellEvent: (event: DeploymentEvent) => void;
  readonly tellLine: (entry: LogEntry) => void;
  /** How many lines have been told. */
  readonly told: () => number;
}

/** Events and lines as they come, until the events end; then the lines that are behind the last event. */
async function readThrough(deployer: HttpDeployer, deployment: Deployment, { signal, tellEvent, tellLine, told }: Reading): Promise<void> {
  const ended = new AbortController();
  const stop = (): void => ended.abort("it is over");
  signal.addEventListener("abort", stop, { once: true });
  const following = (async () => {
    for await (const entry of deployment.lines({ signal: ended.signal })) if (!ended.signal.aborted) tellLine(entry);
  })().catch((error: unknown) => {
    if (!ended.signal.aborted) throw error;
  });
  // Told below: until then nobody waits for it.
  following.catch(() => undefined);
  try {
    await Promise.race([readEvents(deployment, signal, tellEvent), following.then(() => new Promise<never>(() => undefined))]);
  } finally {
    stop();
    signal.removeEventListener("abort", stop);
  }
  await following;
  if (signal.aborted) return;
  for (const entry of (await deployer.logs(deployment.id)).slice(told())) tellLine(entry);
}

async function readEvents(deployment: Deployment, signal: AbortSignal, tellEvent: (event: DeploymentEvent) => void): Promise<void> {
  try {
    for await (const event of deployment.events({ signal })) tellEvent(event);
  } catch (error) {
    // That nobody listens any more is no failure.
    if (!signal.aborted) throw error;
  }
}

function lineOf({ at, level, step, message }: LogEntry): Pick<LogEntry, "at" | "level" | "step" | "message"> {
  return { at, level, step, message };
}
