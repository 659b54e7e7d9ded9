import type { ChangeStory } from "./change-database.ts";
import type { Delivery } from "./deliveries.ts";
import type { Fact } from "./facts.ts";
import { amount, bad, count, faint, good, heading, left, right, seconds, strong, width, wrap } from "./print.ts";
import type { HostStory } from "./replace-host.ts";
import { spansOf, type Sample, type Span } from "./samples.ts";
import type { Story } from "./story.ts";
import type { WorkDone } from "./customers.ts";

/** How a deployment ended, in one line, or in more where there is a reason. */
export function endLines({ end, took, release, verdict }: Story): readonly string[] {
  if (end === "promoted") return [`   ${good("✔")} release ${release} serves ${faint(`after ${seconds(took)}`)}`];
  const word = end === "rolled-back" ? `release ${release} has taken itself back` : `release ${release} was not deployed`;
  return [
    `   ${bad("✖")} ${word} ${faint(`after ${seconds(took)}`)}`,
    ...(verdict === null ? [] : wrap(verdict.reason, width - 5).map((line) => faint(`     ${line}`))),
  ];
}

/** Who began the deployment of the shop's own process, and who finished it. */
export function hostLines({ phase, drivers, took }: HostStory): readonly string[] {
  const [first, second] = drivers;
  if (phase !== "succeeded") return [`   ${bad("✖")} the shop's own process was not replaced: ${phase}`];
  return [`   ${good("✔")} process ${first} began, process ${second} took its place and finished it ${faint(`after ${seconds(took)}`)}`];
}

/** What became of a change of the database: why it was refused, and how it went through. */
export function changeLines({ refused, steps, clients, took }: ChangeStory): readonly string[] {
  const isDone = steps.every(({ exitCode }) => exitCode === 0);
  const done = steps.map(({ applied }) => applied.join(", ")).join(", then ");
  return [
    `   ${refused.touched ? bad("✖") : good("✔")} at once: ${refused.touched ? "something was touched" : "refused, nothing was touched"} ${faint(`after ${seconds(refused.took)}`)}`,
    ...refused.said.flatMap((said) => wrap(said.replaceAll(/\S*\/(?=[^/\s]+\.sql)/g, ""), width - 5)).map((line) => faint(`     ${line}`)),
    `   ${isDone ? good("✔") : bad("✖")} in two steps: ${isDone ? done : "not deployed"} ${faint(`${seconds(took)} in all`)}`,
    `     ${faint(`meanwhile ${count(clients.rounds, "round")} of reading and writing, ${count(clients.errors.length, "error")}`)}`,
  ];
}

/** What happened when: all that moved production or the database, and what decided it. */
export function timelineLines(stories: readonly Story[], start: number): readonly string[] {
  const moments = stories.flatMap(({ startedAt, release, applied, promote, verdict, backAt, endedAt, end }) => [
    { at: startedAt, release, text: "deploy production" },
    ...(applied === null ? [] : [{ at: applied.at, release, text: `${applied.migrations.join(", ")} applied` }]),
    ...(promote === null ? [] : [{ at: promote.to, release, text: strong("promoted") }]),
    ...(verdict === null ? [] : [{ at: verdict.at, release, text: bad(`${verdict.step} fails`) }]),
    ...(backAt === null ? [] : [{ at: backAt, release, text: strong("the release before serves again") }]),
    ...(endedAt === null ? [] : [{ at: endedAt, release, text: end === "rolled-back" ? "rolled back" : "succeeded" }]),
  ]);
  return [
    heading("TIMELINE"),
    ...moments.map(({ at, text, release }, index) => moment(at - start, release, moments[index - 1]?.release) + text),
  ];
}

/** The beginning of a line: when, and which release, where it is not the one of the line before. */
function moment(time: number, release: string, before: string | undefined): string {
  return `${right(seconds(time), 9)}   ${left(release === before ? "" : `release ${release}`, 11)}`;
}

/** What a client got that asked all the time. */
export function servedLines(
  samples: readonly Sample[],
  { start, every, url }: { readonly start: number; readonly every: number; readonly url: string },
): readonly string[] {
  const spans = spansOf(samples);
  const longest = Math.max(...spans.map(({ from, to }) => to - from));
  return [
    heading("SERVED BY PRODUCTION", `${count(samples.length, "request")} to ${url}, every ${every} ms`),
    ...spans.map((span) => {
      const time = `${right(seconds(span.from - start), 9)} – ${right(seconds(span.to - start), 6)}`;
      const bar = "━".repeat(Math.max(1, Math.round((30 * (span.to - span.from)) / longest)));
      return `${time}   ${left(spanText(span), 18)}${right(`${amount(span.samples)} × ${span.status ?? "no answer"}`, 12)}   ${faint(bar)}`;
    }),
  ];
}

function spanText({ release, status }: Span): string {
  if (release !== null) return release === "4" || release === "3" ? bad(`release ${release}`) : `release ${release}`;
  return status === 404 ? faint("nothing yet") : bad("an error");
}

/** What has arrived where. */
export function messageLines(deliveries: readonly Delivery[], stories: readonly Story[], start: number): readonly string[] {
  const releaseOf = ({ deploymentId }: Delivery): string => stories.find((one) => one.deploymentId === deploymentId)?.release ?? "?";
  const tick = (at: number | null): string => left(at === null ? bad("✖") : good("✔"), 7);
  const lines = deliveries.map((delivery, index) => {
    const { title, at } = delivery;
    const before = deliveries[index - 1];
    const begin = moment(at.webhook - start, releaseOf(delivery), before === undefined ? undefined : releaseOf(before));
    return `${begin}${left(title, 50)} ${tick(at.slack)}${tick(at.email)}${tick(at.webhook)}`;
  });
  return [heading("MESSAGES", "Slack  e-mail webhook"), ...lines];
}

/** What the worker did, by release of the shop. */
export function workLines(work: WorkDone, stories: readonly Story[]): readonly string[] {
  const byName = new Map<string, number>();
  for (const [id, jobs] of Object.entries(work.byRelease)) {
    const story = stories.find(({ releaseId }) => releaseId === id);
    const name = story === undefined ? "the two steps" : `release ${story.release}`;
    byName.set(name, (byName.get(name) ?? 0) + jobs);
  }
  const shares = [...byName].map(([name, jobs]) => `${name} ${amount(jobs)}`);
  return [heading("WORKER", `${amount(work.done)} of ${count(work.queued, "job")} done`), `   ${shares.join(faint(" · "))}`];
}

/** What the command line says, as it says it, on lines that fit. */
export function historyLines(lines: readonly string[]): readonly string[] {
  const said = lines.slice(0, lines.indexOf("next:"));
  return [
    heading("HISTORY", "npm run shop -- history production"),
    ...said.flatMap((line) => {
      const indent = /^\s*/.exec(line)?.[0] ?? "";
      return wrap(line.trim(), width - 3 - indent.length).map((part) => `   ${indent}${part}`);
    }),
  ];
}

/** What a reader can do now. */
export function tryLines({ serves }: { readonly serves: boolean }): readonly string[] {
  const commands = [
    ["npm run shop -- history production", "what was deployed, by whom and why"],
    ["npm run shop -- logs production", "what the steps of the last deployment said"],
    ...(serves
      ? [
          ["npm run shop -- status production", "what serves now, read from the providers"],
          ["npm run shop -- doctor production", "what could be wrong, changing nothing"],
          ["npm run shop -- rollback production", "put the release before back"],
          ["npm run build -- 2", "make a release of your choice, and then:"],
          ["npm run shop -- deploy production", "deploy it, and watch it"],
        ]
      : [
          ["npm run shop -- --help", "plan, deploy, status, rollback, doctor, …"],
          ["npm run start -- --serve", "the same again, and it stays up to look at"],
        ]),
  ] as const;
  return [heading("TRY NEXT", "in examples/quickstart"), ...commands.map(([words, meaning]) => `   ${left(words, 40)}${faint(meaning)}`)];
}

/** What had to be true. */
export function factLines(facts: readonly Fact[]): readonly string[] {
  return [
    heading("WHAT HAD TO BE TRUE", "measured"),
    ...facts.flatMap(({ name, holds, measured }) => {
      const first = ` ${holds ? good("✔") : bad("✖")} ${holds ? name : bad(name)}`;
      const room = width - name.length - 5;
      return measured.length <= room
        ? [`${left(first, width - measured.length)}${faint(measured)}`]
        : [first, right(faint(measured), width)];
    }),
  ];
}
