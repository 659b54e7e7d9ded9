import type { DeploymentEvent, LogEntry } from "../../contract/deployment-events.js";
import { hasEnded } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import type { HttpDeployer } from "../http-options.js";
import { findDeployment, readDeployment, type Found } from "./find.js";

/** Between two looks for lines of the log, and for a worker that takes a request, in milliseconds. */
const lookEvery = 1_000;
/** So often a connection on which nothing happens is shown to be there, in looks. */
const beatEvery = 15;

/** Where somebody stopped reading: the version of the last event, and how many lines of the log. */
export interface Cursor {
  readonly version: number;
  readonly lines: number;
}

/** As `id` of a server-sent event says it; what is no such id is the beginning. */
export function cursorOf(id: string | undefined): Cursor {
  const [, version = "0", lines = "0"] = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(id ?? "") ?? [];
  return { version: Number(version), lines: Number(lines) };
}

/** Whether there is nothing behind this place, and will be nothing: then a browser is told not to come again. */
export async function isOver(deployer: HttpDeployer, found: Found, { version, lines }: Cursor): Promise<boolean> {
  if (found.kind === "request") return found.request.error !== null && version > 0;
  const state = await found.deployment.state();
  return hasEnded(state.phase) && state.version <= version && (await deployer.logs(found.deployment.id)).length <= lines;
}

/**
 * The events of a deployment as server-sent events: first those behind the cursor, then those that come, and lines of its log between them (`event: log`). Ends with `event: end` when it has ended or needs
 * attention. A request is waited with until a worker has taken it.
 */
export async function* deploymentEvents(
  deployer: HttpDeployer,
  id: string,
  { cursor, clock, signal }: { readonly cursor: Cursor; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  yield `retry: 2000\n\n`;
  let found = await findDeployment(deployer, id);
  for (let looks = 1; found.kind === "request" && found.request.error === null; looks += 1) {
    if (looks % beatEvery === 1) yield ": waiting for a worker\n\n";
    if (!(await passes(clock, signal))) return;
    found = await findDeployment(deployer, id);
  }
  if (found.kind === "deployment") yield* eventsAndLines(deployer, found.deployment, { cursor, clock, signal });
  if (signal.aborted) return;
  // An id of its own where there were no events, so that who comes again is told that it is over.
  const place = found.kind === "request" ? "id: 1\n" : "";
  yield `${place}event: end\ndata: ${JSON.stringify(await readDeployment(deployer, id, 0))}\n\n`;
}

async function* eventsAndLines(
  deployer: HttpDeployer,
  deployment: Extract<Found, { kind: "deployment" }>["deployment"],
  { cursor, clock, signal }: { readonly cursor: Cursor; readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  let { version, lines } = cursor;
  const events = deployment.events({ after: version, signal })[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<DeploymentEvent> | undefined> | undefined;
  try {
    for (let quiet = 0; !signal.aborted;) {
      next ??= events.next().catch(ifGone(signal));
      const looked = new AbortController();
      const time = clock.sleep(lookEvery, { signal: looked.signal, background: true }).then(
        () => "time" as const,
        () => "time" as const,
      );
      const result = await Promise.race([next, time]);
      looked.abort("an event has come");
      for (const entry of await linesBehind(deployer, deployment.id, lines)) {
        lines += 1;
        quiet = 0;
        yield `id: ${version}.${lines}\nevent: log\ndata: ${JSON.stringify(lineOf(entry))}\n\n`;
      }
      if (result === "time") {
        quiet += 1;
        if (quiet % beatEvery === 0) yield ": still there\n\n";
        continue;
      }
      if (result === undefined || result.done === true) return;
      next = undefined;
      version = result.value.version;
      quiet = 0;
      yield `id: ${version}.${lines}\ndata: ${JSON.stringify(result.value)}\n\n`;
    }
  } finally {
    // Who reads has been told of a failure, or has gone.
    next?.then(() => events.return?.()).catch(() => undefined);
  }
}

async function linesBehind(deployer: HttpDeployer, id: string, lines: number): Promise<readonly LogEntry[]> {
  return (await deployer.logs(id)).slice(lines);
}

function lineOf({ at, level, step, message }: LogEntry): Pick<LogEntry, "at" | "level" | "step" | "message"> {
  return { at, level, step, message };
}

/** Nobody listens any more: that is no failure. */
function ifGone(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

async function passes(clock: Clock, signal: AbortSignal): Promise<boolean> {
  await clock.sleep(lookEvery, { signal, background: true }).catch(() => undefined);
  return !signal.aborted;
}
