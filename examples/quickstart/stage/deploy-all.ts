import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildShop } from "../build.ts";
import { startCustomers, type WorkDone } from "./customers.ts";
import { changeDatabase, type ChangeStory } from "./change-database.ts";
import { deliveriesIn } from "./deliveries.ts";
import type { Evidence } from "./facts.ts";
import { noteDeploy } from "./folder.ts";
import { bad, say, strong } from "./print.ts";
import { createProgress } from "./progress.ts";
import { runDeploy } from "./run-deploy.ts";
import { replaceHost, type HostStory } from "./replace-host.ts";
import { changeLines, endLines, hostLines } from "./show.ts";
import { storyOf, type Story } from "./story.ts";
import { watchProduction } from "./watch-production.ts";
import type { World } from "./world.ts";

/** What happened, and since when. */
export interface Course {
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly evidence: Evidence;
}

const releases = ["1", "2", "3", "4"];

/** What the client asks that watches production, and the pause between two questions in milliseconds. */
export const watched = { path: "/version.json", every: 50 } as const;

/** Builds and deploys one release after the other, while a client asks production all the time and customers give the worker something to do. */
export async function deployAll(world: World, signal: AbortSignal): Promise<Course> {
  const watch = watchProduction(new URL(watched.path, world.shopUrl), watched.every);
  const customers = world.worker.available ? await startCustomers(world.database.url, 200) : undefined;
  const stories: Story[] = [];
  const bodies: Record<string, string> = {};
  let work: WorkDone | undefined;
  let host: HostStory | undefined;
  let change: ChangeStory | undefined;
  try {
    for (const release of releases) {
      const { name } = await buildShop(release, world.release);
      bodies[release] = await digestOf(join(world.release, "site", watched.path));
      const story = await deploy(world, { release, name }, signal);
      stories.push(story);
      if (story.end === "other") break;
    }
    if (stories.every(({ end }) => end !== "other")) [change, host] = await atTheSameTime(changeDatabase(world, signal), hostItself(world));
    if (change !== undefined)
      say("", `${strong("A change of the database")}  that the running release would not survive`, ...changeLines(change));
  } finally {
    await watch.stop();
    work = await customers?.stop(signal.aborted ? 0 : 5_000);
  }
  const [vercel, messages, mails] = await Promise.all([world.vercel.ledger(), world.messages.ledger(), world.mails.ledger()]);
  return {
    start: watch.startedAt,
    evidence: {
      stories,
      samples: watch.samples,
      vercel,
      path: watched.path,
      bodies,
      deliveries: deliveriesIn(messages, mails).filter((one) => stories.some(({ deploymentId }) => deploymentId === one.deploymentId)),
      refusedWebhooks: messages.requests.filter(({ operation, authorized }) => operation === "webhook.receive" && !authorized).length,
      work,
      host,
      change,
    },
  };
}

async function deploy(
  world: World,
  { release, name }: { readonly release: string; readonly name: string },
  signal: AbortSignal,
): Promise<Story> {
  say("", `${strong(`Release ${release}`)}  ${name}`);
  const progress = createProgress((text) => process.stdout.write(text));
  const run = await runDeploy(["deploy", "production", "--reason", name], {
    env: world.env,
    signal,
    onStart: (pid) => {
      noteDeploy(world.folder, pid);
    },
    onEvent: (event) => {
      progress.event(event);
    },
  });
  progress.end();
  const story = storyOf({ release, name, run });
  say(...endLines(story));
  if (story.end === "other") say(...run.problems.flatMap((problem) => problem.split("\n")).map((line) => `     ${bad(line)}`));
  return story;
}

/** Neither is left behind where the other one fails. */
async function atTheSameTime<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function hostItself({ env }: World): Promise<HostStory> {
  say("", `${strong("The shop's own process")}  deploys the one that takes its place`);
  const host = await replaceHost(env);
  say(...hostLines(host));
  return host;
}

async function digestOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
