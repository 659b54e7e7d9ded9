import type { LogEntry } from "../../contract/deployment-events.js";
import type { Clock } from "../../time/clock.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { createEchoes } from "./echoes.js";
import type { Progress } from "./progress.js";
import { createStepBoard } from "./step-board.js";
import { plainText } from "./text.js";
import { stateWords } from "./words.js";

/** Without a new line for this long, one says what is being waited for; in milliseconds. */
const heartbeatEvery = 30_000;

/** For logs and pipes: one line per event, with the time since the beginning, and a sign of life where nothing happens. */
export function createEventLines(output: Output, clock: Clock): Progress {
  const board = createStepBoard();
  const echoes = createEchoes();
  const deferred = new Set<string>();
  const stopped = new AbortController();
  let beginning = clock.now();
  let lastLine = beginning;
  let waitingFor: { readonly what: string; readonly since: number } | undefined;

  const say = (at: number, text: string): void => {
    const [first = "", ...others] = plainText(text).split("\n");
    output.text([`[${offset(at - beginning)}] ${first}`, ...others.map((line) => `           | ${line}`)]);
    lastLine = clock.now();
  };
  const sayLog = ({ at, level, step, message }: LogEntry): void => {
    const time = Date.parse(at);
    say(Number.isNaN(time) ? clock.now() : time, `${step ?? "log"} | ${level === "info" ? "" : `${level}: `}${message}`);
  };
  const heartbeat = (): void => {
    const now = clock.now();
    const steps = board.running().map(({ id, direction, since, deadline }) => {
      const left = deadline > now ? `, at most ${formatMilliseconds(deadline - now)} more` : "";
      return `${direction === "undo" ? "taking back " : ""}${id} (${formatMilliseconds(now - since)}${left})`;
    });
    if (steps.length > 0) say(now, `still waiting: ${steps.join("; ")}`);
    else if (waitingFor !== undefined) say(now, `still waiting: ${waitingFor.what} (${formatMilliseconds(now - waitingFor.since)})`);
  };
  const keepBeating = async (): Promise<void> => {
    for (;;) {
      const due = lastLine + heartbeatEvery - clock.now();
      if (due <= 0) {
        heartbeat();
        lastLine = clock.now();
      } else await clock.sleep(due, { signal: stopped.signal, background: true });
    }
  };
  keepBeating().catch(() => undefined);

  return {
    waiting(what) {
      waitingFor = { what, since: clock.now() };
      if (board.plan === undefined) say(clock.now(), what);
    },
    resume(state) {
      beginning = Math.min(beginning, state.createdAt);
      board.resume(state);
      const { kind, release, environment } = state.plan;
      say(clock.now(), `${kind} of ${release.id} to ${environment}, ${stateWords({ phase: state.phase, outcome: null })}`);
    },
    event(event) {
      const at = Date.parse(event.at);
      beginning = Math.min(beginning, at);
      for (const entry of echoes.event(event)) sayLog(entry);
      board.apply(event);
      // Its next look needs no line: what comes of it has one.
      if (event.type !== "step.started" || event.data.direction === "undo" || !deferred.has(event.data.step)) say(at, event.summary);
      if (event.type === "step.deferred") deferred.add(event.data.step);
      if (event.type === "deployment.created") for (const warning of event.data.plan.warnings) say(at, `warning: ${warning}`);
    },
    log(entry) {
      for (const shown of echoes.log(entry)) sayLog(shown);
    },
    notice(text) {
      say(clock.now(), text);
    },
    stop() {
      if (stopped.signal.aborted) return;
      stopped.abort();
      for (const entry of echoes.end()) sayLog(entry);
    },
  };
}

/** `02:05.3`, `1:02:05.3`. */
function offset(milliseconds: number): string {
  const tenths = Math.max(0, Math.floor(milliseconds / 100));
  const seconds = String(Math.floor(tenths / 10) % 60).padStart(2, "0");
  const minutes = String(Math.floor(tenths / 600) % 60).padStart(2, "0");
  const hours = Math.floor(tenths / 36_000);
  return `${hours === 0 ? "" : `${String(hours)}:`}${minutes}:${seconds}.${String(tenths % 10)}`;
}
