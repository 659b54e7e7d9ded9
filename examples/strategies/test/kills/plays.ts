import { strategies } from "../../shop.ts";
import type { Death } from "./boundaries.ts";
import { fatesOf } from "./fates.ts";
import type { Ending, Play } from "./lane.ts";
import type { Stage } from "./stage.ts";

/** Every strategy with everything that may become of a release, remembered there. */
export function playsOn(store: Play["store"]): readonly Play[] {
  return strategies.flatMap((strategy) => fatesOf[strategy].map((fate) => ({ store, strategy, fate })));
}

/** A play, and how it ends where nobody is killed. */
export interface Rehearsal {
  readonly play: Play;
  readonly ending: Ending;
}

export async function rehearse(stage: Stage, play: Play): Promise<Rehearsal> {
  const ending = await stage.perform(play, []);
  const expected = play.fate === "stays" ? "succeeded" : "rolled_back";
  if (ending.phase !== expected) throw new Error(`${nameOf(play)} ended ${ending.phase}: ${ending.reason}`);
  return { play, ending };
}

/** A play in which processes are killed. */
export interface Case extends Rehearsal {
  /** The first is of the process that deploys, the others are of those that recover. */
  readonly deaths: readonly Death[];
}

/**
 * One kill at every boundary: before and after each commit and each effect, and while each effect is under way. What a release that turns out to be unwell has in common with one that stays is left to
 * the latter.
 */
export function casesOf(rehearsals: readonly Rehearsal[]): readonly Case[] {
  return rehearsals.flatMap((rehearsal) => {
    const { passed } = rehearsal.ending;
    const first = inCommon(passed, rehearsals, rehearsal.play);
    return passed
      .slice(first)
      .flatMap((name, index) => momentsOf(name).map((moment) => ({ ...rehearsal, deaths: [{ nth: first + index + 1, moment }] })));
  });
}

function inCommon(passed: readonly string[], rehearsals: readonly Rehearsal[], { store, strategy, fate }: Play): number {
  const staying = rehearsals.find(({ play }) => play.store === store && play.strategy === strategy && play.fate === "stays");
  if (fate === "stays" || staying === undefined) return 0;
  return passed.findIndex((name, index) => staying.ending.passed[index] !== name);
}

function momentsOf(name: string): readonly Death["moment"][] {
  return name.startsWith("the commit") ? ["before", "after"] : ["before", "during", "after"];
}

function nameOf({ store, strategy, fate }: Play): string {
  return `${strategy} on ${store}, the release ${fate}`;
}

/** A case in words, by which it can be found again. */
export function caseName({ play, deaths, ending }: Case): string {
  const words = deaths.map(
    ({ nth, moment }, index) => `${moment} ${index === 0 ? (ending.passed[nth - 1] ?? String(nth)) : `number ${nth} of the recovery`}`,
  );
  return `${nameOf(play)}, killed ${words.join(", then ")}`;
}
