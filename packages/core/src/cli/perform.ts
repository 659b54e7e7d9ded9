import type { Deployer } from "../deployer/types.js";
import { fail, serializeError, type SerializedError } from "../errors/fairlead-error.js";
import { readAnswer } from "./ask.js";
import { cliErrors } from "./cli-errors.js";
import type { Effect, Performed } from "./command.js";
import { exitCodeOfError, type ExitCode } from "./exit-codes.js";
import { signalWord, type CliSignals, type Interrupts } from "./interrupts.js";
import { preludeOf, summaryOf } from "./json-frame.js";
import { leavesDoubtAboutStore, nextAfterError } from "./next-commands.js";
import type { Output } from "./output.js";
import type { CliProcess } from "./process.js";
import { errorLines } from "./render/error.js";
import { createScreen, type Screen } from "./render/screen.js";
import type { CommandEnd, Session } from "./session.js";

export interface Performance {
  readonly deployer: Deployer;
  readonly cli: CliProcess;
  readonly output: Output;
  readonly interrupts: Interrupts;
  readonly version: string;
}

/** How long messages are delivered at the end, so that the command ends within 5 s; and how long a command that is left waits for what it lets go of. */
const deliverWithin = "4s";
const letGoWithin = 2_000;

/** What the process ends with, and whether it has to be ended. */
export interface Ended {
  readonly exitCode: ExitCode;
  /** Somebody left while something still ran, which may keep the process alive. */
  readonly detached: boolean;
}

/** Runs a command from its first line to its last and closes the deployer. Never rejects. */
export async function perform(performed: Performed, performance: Performance): Promise<Ended> {
  const { deployer, cli, output, interrupts, version } = performance;
  const { name, environment } = performed;
  const begun = cli.clock.now();
  const at = new Date(begun).toISOString();
  output.record("prelude", preludeOf({ version, command: name, application: deployer.application, environment: environment ?? null, at }));
  const typed = (command: string): string => `${cli.name} ${command}`;
  if (performed.effect === "acts") warnOfStore(deployer, cli, output);
  const world = { untouched: performed.untouched };
  const begins = (): void => {
    world.untouched = undefined;
  };
  const session: Session = { deployer, output, clock: cli.clock, interrupts, env: cli.env, typed, begins, ask: askAt(cli, output) };
  const ended = await outcomeOf({ ...performed, world }, session, cli.signals);
  const { exitCode, deployments = [], next = [], detached = false, mistaken = false } = ended;
  (mistaken ? output.problem : output.text)(nextLines(next.map(typed), output));
  if (detached) await letGo(performance);
  else await close(performance, performed.effect, exitCode);
  const duration = cli.clock.now() - begun;
  output.record("summary", summaryOf(exitCode, { command: name, duration, deployments, next: next.map(typed) }));
  return { exitCode, detached };
}

/** Nobody is asked where programs read, or where nobody watches. */
function askAt({ stdin }: CliProcess, output: Output): Session["ask"] {
  return async (question, signal) => {
    if (!output.live || stdin.isTTY !== true) return undefined;
    output.draw(question);
    return readAnswer(stdin, signal);
  };
}

/** Machines of a CI system come and go, and the file with them. */
function warnOfStore({ store }: Deployer, { env }: CliProcess, output: Output): void {
  if (store.shared || (env["CI"] ?? "") === "") return;
  const message = `The journal is ${store.description}, which only this machine has: the next run will not know of this one. Use a shared store in CI.`;
  output.record("notice", { message });
  output.problem([`${output.style.marks.warning} ${message}`]);
}

/** What is true of the world as long as the command has not begun to act. */
type Begun = Performed & { readonly world: { readonly untouched: string | undefined } };

async function outcomeOf(performed: Begun, session: Session, signals: CliSignals): Promise<CommandEnd> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  // Whoever does not race it has no interest in it.
  interrupted.catch(() => undefined);
  session.interrupts.use((_count, signal) => {
    reject(fail(cliErrors, "CLI_INTERRUPTED", { signal: signalWord(signal) }));
  });
  // Node ends a process in which nothing is under way, without a word, whatever is still awaited.
  const onIdle = (): void => {
    reject(fail(cliErrors, "CLI_STALLED", {}));
  };
  signals.on("beforeExit", onIdle);
  try {
    return await Promise.race([performed.run(session), interrupted]);
  } catch (error) {
    return reportError(error, performed, session);
  } finally {
    signals.off("beforeExit", onIdle);
  }
}

/** A mistake, or something that kept the command from beginning: what, why, what to do, and what is true of the world. */
function reportError(error: unknown, { world: { untouched }, environment }: Begun, { output }: Session): CommandEnd {
  const serialized = serializeError(error);
  const world = worldAfter(serialized, untouched);
  output.record("error", { error: serialized, world: world ?? null });
  output.problem([...errorLines(serialized, output), ...(world === undefined ? [] : [`  ${world}`])]);
  return {
    exitCode: exitCodeOfError(serialized),
    next: nextAfterError(error, environment),
    mistaken: true,
    detached: ["CLI_INTERRUPTED", "CLI_STOPPED", "CLI_STALLED"].includes(serialized.code),
  };
}

function worldAfter(error: SerializedError, untouched: string | undefined): string | undefined {
  if (untouched === undefined || error.code === "CLI_USAGE_INVALID") return undefined;
  return leavesDoubtAboutStore(error) ? "Whether anything was recorded is not known: see `status`." : untouched;
}

function nextLines(commands: readonly string[], { style, live }: Output): readonly string[] {
  if (commands.length === 0) return [];
  return [...(live ? [""] : []), style.faint("next:"), ...commands.map((command) => `  ${command}`)];
}

/** Delivers messages, lets go of store and plugins. Another signal ends the process: what was asked for is done. */
async function close({ deployer, cli, output, interrupts }: Performance, effect: Effect, exitCode: ExitCode): Promise<void> {
  const closed = new AbortController();
  let screen: Screen | undefined;
  interrupts.use(() => {
    screen?.stop();
    cli.exit(exitCode);
  });
  const showThatItTakesTime = async (): Promise<void> => {
    await cli.clock.sleep(300, { signal: closed.signal, background: true });
    screen = createScreen(output, cli.clock, () => [output.style.faint(`  delivering messages, at most ${deliverWithin}`)]);
  };
  if (output.live) showThatItTakesTime().catch(() => undefined);
  try {
    await deployer.close({ within: effect === "reads" ? "0s" : deliverWithin });
  } catch (error) {
    screen?.stop();
    output.problem([`${output.style.marks.warning} Not everything could be let go of: ${serializeError(error).message}`]);
  } finally {
    closed.abort();
    screen?.stop();
  }
}

/** Somebody left: what is driven here stops without a further write, and nothing may keep the process for long. */
async function letGo({ deployer, cli }: Performance): Promise<void> {
  const closed = new AbortController();
  const longEnough = cli.clock.sleep(letGoWithin, { signal: closed.signal });
  await Promise.race([deployer.close({ within: "0s" }), longEnough]).catch(() => undefined);
  closed.abort();
}
