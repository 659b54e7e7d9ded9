import type { VercelLedger } from "@fairlead/testing/emulators";
import type { ChangeStory } from "./change-database.ts";
import type { Delivery } from "./deliveries.ts";
import type { HostStory } from "./replace-host.ts";
import type { Sample } from "./samples.ts";
import type { Story } from "./story.ts";
import type { WorkDone } from "./customers.ts";

/** Everything that was seen, by those who saw it: the client, the emulators, the database, and the process that deployed. */
export interface Evidence {
  readonly stories: readonly Story[];
  readonly samples: readonly Sample[];
  readonly vercel: VercelLedger;
  /** The path that the client asked. */
  readonly path: string;
  /** The digest of what each release answers there, by release. */
  readonly bodies: Readonly<Record<string, string>>;
  readonly deliveries: readonly Delivery[];
  /** How many webhooks the reference library of Standard Webhooks did not accept. */
  readonly refusedWebhooks: number;
  /** Absent where the shop has no worker. */
  readonly work: WorkDone | undefined;
  /** Absent where it did not come to that. */
  readonly host: HostStory | undefined;
  /** Absent where it did not come to that. */
  readonly change: ChangeStory | undefined;
}

/** Something that must be true of a run. */
export interface Fact {
  readonly name: string;
  readonly holds: boolean;
  /** What was measured. */
  readonly measured: string;
}

/** Most milliseconds until the old content is there again. */
const limits = { back: 5_000 };

/** What must be true of the four deployments, and whether it is. */
export function factsOf(evidence: Evidence): readonly Fact[] {
  return [
    ends(evidence),
    neverServed(evidence),
    servedInBetween(evidence),
    backInTime(evidence),
    nothingLost(evidence),
    allFour(evidence),
    sameInLedger(evidence),
    told(evidence),
    ...workedOnce(evidence),
    ...changedTheDatabase(evidence),
    ...replacedItself(evidence),
  ];
}

/** What each of the four has to come to, and the exit code that says so. */
const expected = { "1": 0, "2": 0, "3": 4, "4": 4 } as const;

function ends({ stories }: Evidence): Fact {
  const wrong = Object.entries(expected).flatMap(([release, exitCode]) => {
    const story = stories.find((one) => one.release === release);
    const end = exitCode === 0 ? "promoted" : "rolled-back";
    return story?.exitCode === exitCode && story.end === end ? [] : [`release ${release}: ${story?.end ?? "never deployed"}`];
  });
  return {
    name: "Releases 1 and 2 were promoted, 3 and 4 took themselves back",
    holds: wrong.length === 0,
    measured: wrong.length === 0 ? "exit codes 0, 0, 4, 4" : wrong.join("; "),
  };
}

function neverServed({ stories, samples, vercel }: Evidence): Fact {
  const candidate = stories.find(({ release }) => release === "3")?.candidate ?? null;
  const seen = samples.filter(({ release }) => release === "3").length;
  const served = vercel.served.filter(({ production, deploymentId }) => production && deploymentId === candidate).length;
  return {
    name: "Release 3 was never served by production",
    holds: candidate !== null && seen === 0 && served === 0,
    measured: candidate === null ? "it was never there" : `${count(seen + served)} answers`,
  };
}

function servedInBetween({ stories, samples, vercel }: Evidence): Fact {
  const name = "Release 4 was served between its promote and its rollback only";
  const story = stories.find(({ release }) => release === "4");
  const seen = samples.filter(({ release }) => release === "4");
  const moves = vercel.effects.filter(({ kind }) => kind === "production.moved");
  const there = moves.find(({ details }) => details["to"] === story?.candidate);
  const away = moves.find(({ details }) => details["from"] === story?.candidate);
  if (story === undefined || story.promote === null || story.backAt === null || there === undefined || away === undefined) {
    return { name, holds: false, measured: "it was not both promoted and taken back" };
  }
  const { promote, backAt } = story;
  const served = vercel.served.filter(({ production, deploymentId }) => production && deploymentId === story.candidate);
  const outside =
    seen.filter(({ sentAt, receivedAt }) => receivedAt < promote.from || sentAt > backAt).length +
    served.filter(({ at }) => at < there.at || at > away.at).length;
  return {
    name,
    holds: seen.length > 0 && outside === 0,
    measured: outside === 0 ? `for ${seconds(away.at - there.at)}, ${count(seen.length)} answers` : `${count(outside)} answers outside`,
  };
}

function backInTime({ stories, samples }: Evidence): Fact {
  const name = `The old content was there again within ${seconds(limits.back)} of the verdict`;
  const verdict = stories.find(({ release }) => release === "4")?.verdict;
  const lastBad = samples.findLastIndex(({ release }) => release === "4");
  const back = samples.slice(lastBad + 1).find(({ release }) => release === "2");
  if (verdict === undefined || verdict === null || lastBad === -1 || back === undefined)
    return { name, holds: false, measured: "it never was" };
  const after = Math.max(0, back.receivedAt - verdict.at);
  return { name, holds: after <= limits.back, measured: `after ${seconds(after)}` };
}

function nothingLost({ samples }: Evidence): Fact {
  const lost = samples.filter(({ status }) => status === null).length;
  const failed = samples.filter(({ status }) => status !== null && status >= 500).length;
  const first = samples.findIndex(({ status }) => status === 200);
  const missing = first === -1 ? 0 : samples.slice(first).filter(({ status }) => status !== null && status < 500 && status !== 200).length;
  return {
    name: "No request was lost: no connection error, no 5xx",
    holds: first !== -1 && lost + failed + missing === 0,
    measured: `${count(lost)} and ${count(failed)} of ${count(samples.length)}${missing === 0 ? "" : `; ${count(missing)} other failures`}`,
  };
}

function allFour({ stories }: Evidence): Fact {
  const took = stories.reduce((sum, story) => sum + story.took, 0);
  return {
    name: "Four deployments were carried out, one after another",
    // How long they take is the machine's; 40 s is what they should need on one that has nothing else to do.
    holds: stories.length === 4,
    measured: `${seconds(took)} together`,
  };
}

/** What the client saw, held against what the emulator says it has served: answer for answer, in the same order. */
function sameInLedger({ samples, vercel, path, bodies }: Evidence): Fact {
  const releases = new Map(Object.entries(bodies).map(([release, digest]) => [digest, release]));
  const served = vercel.served.filter((one) => one.production && one.path === path);
  const same = samples.filter(({ status, release }, index) => {
    const record = served[index];
    return record?.status === status && (status !== 200 || releases.get(record.sha256) === release);
  }).length;
  return {
    name: "The emulator's own ledger tells the same, answer for answer",
    holds: samples.length > 0 && same === samples.length && served.length === samples.length,
    measured: `${count(same)} of ${count(served.length)}`,
  };
}

function told({ stories, deliveries, refusedWebhooks }: Evidence): Fact {
  const wanted = stories.flatMap(({ deploymentId, end }) => {
    const events = end === "promoted" ? ["deployment.succeeded"] : ["rollback.started", "deployment.rolled-back"];
    return ["deployment.created", ...events].map((event) => ({ deploymentId, event }));
  });
  const missing = wanted.flatMap(({ deploymentId, event }) => {
    const delivery = deliveries.find((one) => one.deploymentId === deploymentId && one.event === event);
    return (["slack", "email", "webhook"] as const).filter((channel) => (delivery?.at[channel] ?? null) === null);
  });
  return {
    name: "Slack, e-mail and webhook were told of everything, with valid signatures",
    holds: missing.length === 0 && refusedWebhooks === 0,
    measured:
      missing.length + refusedWebhooks === 0
        ? `${count(wanted.length * 3)} messages`
        : `${count(missing.length)} messages missing, ${count(refusedWebhooks)} signatures not valid`,
  };
}

function workedOnce({ work }: Evidence): readonly Fact[] {
  if (work === undefined) return [];
  const { queued, done, repeated } = work;
  return [
    {
      name: "The worker did every job, and none twice",
      holds: queued > 0 && done === queued && repeated === 0,
      measured: `${count(done)} of ${count(queued)}${repeated === 0 ? "" : `; ${count(repeated)} twice`}`,
    },
  ];
}

/** One process begins and is ended by what it does; the one that takes its place goes on and finishes it. */
function replacedItself({ host }: Evidence): readonly Fact[] {
  if (host === undefined) return [];
  const { phase, drivers, before, after, handedOverIn } = host;
  const [first, second] = drivers;
  return [
    {
      name: "The shop's own process deployed the one that took its place",
      holds: phase === "succeeded" && drivers.length === 2 && first === before.pid && second === after.pid && first !== second,
      measured: phase === "succeeded" ? `handed over in ${seconds(handedOverIn)}` : phase,
    },
  ];
}

/** A migration that the running release would not survive, and the same change in two steps. */
function changedTheDatabase({ change }: Evidence): readonly Fact[] {
  if (change === undefined) return [];
  const { refused, steps, clients } = change;
  const applied = steps.map((step) => step.applied.join(", "));
  const isRefused = refused.exitCode !== 0 && !refused.touched && refused.said.some((line) => line.includes("In two steps:"));
  const isDone = steps.every(({ exitCode }) => exitCode === 0) && applied.join(" | ") === "0003_priority | 0004_priority_required";
  return [
    {
      name: "A migration that would break the running release was refused untouched",
      holds: isRefused,
      measured: isRefused
        ? `exit code ${refused.exitCode}`
        : `exit code ${refused.exitCode}${refused.touched ? ", something was touched" : ""}`,
    },
    {
      name: "In two steps it went through, unnoticed by those who read and write",
      holds: isDone && clients.rounds > 0 && clients.errors.length === 0,
      measured: isDone ? `${count(clients.errors.length)} errors of ${count(3 * clients.rounds)}` : `applied: ${applied.join(" | ")}`,
    },
  ];
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1_000).toFixed(1))} s`;
}

function count(amount: number): string {
  return amount.toLocaleString("en");
}
