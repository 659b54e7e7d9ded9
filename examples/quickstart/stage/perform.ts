import { mkdir, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { deployAll, watched, type Course } from "./deploy-all.ts";
import { factsOf } from "./facts.ts";
import { giveBackFolder, takeFolder } from "./folder.ts";
import { bad, faint, say, seconds, strong } from "./print.ts";
import { toReport } from "./report.ts";
import { printDeploy } from "./run-deploy.ts";
import { serve } from "./serve.ts";
import { factLines, historyLines, messageLines, servedLines, timelineLines, tryLines, workLines } from "./show.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

export interface PerformOptions {
  /** Where everything is kept. */
  readonly folder: string;
  /** The shop's name. */
  readonly application: string;
  /** Where the Docker engine listens, if there is one. */
  readonly dockerSocket: string;
  /** Keeps everything up until Ctrl-C. */
  readonly serve: boolean;
  /** A file to write to what was found out, as JSON. */
  readonly report?: string | undefined;
  /** Breaks it off; everything that was started is ended, and what was written removed. */
  readonly signal: AbortSignal;
}

/** Deploys four releases, shows what came of them, and resolves with the exit code: 0 only if everything is true that must be. */
export async function perform({ application, dockerSocket, report, signal, ...options }: PerformOptions): Promise<number> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const occupant = takeFolder(folder);
  if (occupant !== undefined) {
    say(bad(`Process ${occupant} runs the quickstart in ${folder} already. End it first.`));
    return 1;
  }
  let world: World | undefined;
  try {
    world = await prepare({ folder, application, dockerSocket });
    signal.throwIfAborted();
    const course = await deployAll(world, signal);
    const facts = factsOf(course.evidence);
    if (report !== undefined) await writeFile(report, `${JSON.stringify(toReport(course, facts), null, 2)}\n`);
    await show(world, course);
    say("", ...factLines(facts), "", ...tryLines({ serves: options.serve }), "");
    if (options.serve) await serve(world, signal);
    return facts.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await world?.stop();
    giveBackFolder(folder);
  }
}

async function prepare(options: WorldOptions): Promise<World> {
  say("", strong("Fairlead quickstart: a small shop deploys itself four times"), "");
  process.stdout.write("Starting PostgreSQL, the Vercel emulator, inboxes and the worker's image … ");
  const begun = Date.now();
  const world = await startWorld(options);
  say(faint(seconds(Date.now() - begun)));
  const { worker } = world;
  if (!worker.available) say(`The worker is left out: ${worker.reason}.`);
  return world;
}

/** What happened, as those tell it who saw it. */
async function show(world: World, { start, evidence }: Course): Promise<void> {
  const { stories, samples, deliveries, work } = evidence;
  if (stories.some(({ end }) => end === "other")) return;
  const history = await printDeploy(["history", "production"], { env: world.env });
  const url = new URL(watched.path, world.shopUrl).href;
  say(
    ...["", ...timelineLines(stories, start)],
    ...["", ...servedLines(samples, { start, every: watched.every, url })],
    ...["", ...messageLines(deliveries, stories, start)],
    ...(work === undefined ? [] : ["", ...workLines(work, stories)]),
    ...["", ...historyLines(history)],
  );
}
