import type { FreezeOutlook, PlanOutlook } from "../../history/index.js";
import { lengthOf, listed } from "../../history/words.js";
import type { WayBack } from "../../machine/index.js";
import type { Output } from "../output.js";
import { oneLine, pad, wrap } from "./text.js";
import { count } from "./words.js";

/** What is to be expected of a plan, below its steps. */
export function outlookLines(outlook: PlanOutlook, now: number, { style, width }: Output): readonly string[] {
  const { duration, approvals, freezes, running, queued } = outlook;
  const fact = (name: string, text: string): readonly string[] => {
    const [first = "", ...others] = wrap(oneLine(text), width(), `  ${pad(name, 9)} `);
    return [first.replace(name, () => style.faint(name)), ...others];
  };
  return [
    "",
    ...fact("way back", wayBackWords(outlook.wayBack)),
    ...(duration.median === null ? [] : fact("takes", durationWords(duration.median, duration.count))),
    ...approvals.flatMap(({ required, before, expiresAfter }) => {
      const people = required === 1 ? "1 person has" : `${String(required)} people have`;
      return fact("approval", `${people} to agree before ${before === "start" ? "it begins" : before}, within ${lengthOf(expiresAfter)}`);
    }),
    ...freezes.flatMap((freeze) => fact("frozen", freezeWords(freeze, now)).map(style.warning)),
    ...(running === null ? [] : fact("under way", `${running} has the environment now`).map(style.warning)),
    ...(queued === 0 ? [] : fact("waiting", `${count(queued, "deployment")} before this one`).map(style.warning)),
  ];
}

/** Until where a deployment can be taken back by itself. */
export function wayBackWords(wayBack: WayBack): string {
  const { asks, open } = wayBack;
  if (asks.length === 0 || !open) return limitWords(wayBack);
  return `${limitWords(wayBack)}; where ${listed(asks, "or")} fails, the others wait and a person decides`;
}

function limitWords({ open, closes, steps }: WayBack): string {
  if (closes === null) return "it can be taken back by itself at every step";
  if (!open) return `${closes.step} cannot be taken back: a failure stops and asks a person`;
  const place = `step ${String(closes.position)} of ${String(steps)}`;
  return `it can be taken back by itself until ${closes.step} (${place}); a failure from there on stops and asks a person`;
}

function durationWords(median: number, of: number): string {
  return of === 1
    ? `the last one took ${lengthOf(median)} without waiting`
    : `median of the last ${String(of)}: ${lengthOf(median)} without waiting`;
}

function freezeWords({ reason, now: isNow, from, until }: FreezeOutlook, now: number): string {
  const end = until === null ? "until somebody ends it" : `until ${until}`;
  if (isNow || from === null) return `now, ${end}: ${reason}. It would be held.`;
  return `from ${from} (in ${lengthOf(Date.parse(from) - now)}) ${end}: ${reason}`;
}
