import { masksIn, unfinishedMaskAt, type Range } from "./mask.js";
import type { Matcher } from "./matcher.js";
import type { Explorer } from "./views/explore.js";
import { endInText, type View } from "./views/view.js";

/** A pattern and whose it is. */
export interface Pattern {
  readonly text: string;
  readonly name: string;
  /** It is a secret as it was registered, neither a part nor an encoding. */
  readonly whole: boolean;
  /** Which pattern was registered before which. */
  readonly order: number;
}

/** What is looked for. */
export interface Search {
  readonly patterns: readonly Pattern[];
  readonly matcher: Matcher;
  readonly names: ReadonlySet<string>;
  /** Length of the shortest pattern; infinite if there is none. */
  readonly shortest: number;
  /** Bits of the notations that may hide a pattern. */
  readonly notations: number;
}

/** What was found in a text. */
export interface Findings {
  /** In order, without overlap. */
  readonly ranges: readonly Range[];
  /** What is before it is settled whatever follows the text. The text's length if nothing follows. */
  readonly settled: number;
}

interface Segment {
  readonly start: number;
  readonly end: number;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly pattern: Pattern;
}

/**
 * Finds what must be masked. Texts between masks are searched each for itself, and again once a secret was found in them, until nothing more is found: that makes
 * masking what is masked already change nothing.
 */
export function findSecrets(text: string, search: Search, explore: Explorer, final: boolean): Findings {
  const masks = masksIn(text, search.names);
  const waiting = gapsBetween(masks, { start: 0, end: text.length });
  const searched: Segment[] = [];
  const found: Range[] = [...masks];
  let settled = final ? text.length : unfinishedMaskAt(text, search.names);

  const visit = (segment: Segment, mapped: boolean, visitor: (view: View) => void) => {
    explore({ text, ...segment, final: final || segment.end < text.length, notations: search.notations, mapped }, visitor);
  };
  const isFree = (segment: Segment) => {
    let free = true;
    visit(segment, false, (view) => {
      search.matcher.find(view, () => {
        free = false;
      });
    });
    return free;
  };

  for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
    const here = segment;
    const open = !final && here.end === text.length;
    searched.push(here);
    if (!open && isFree(here)) continue;
    const matches: Match[] = [];
    visit(here, true, (view) => {
      search.matcher.find(view, (index, at) => {
        const pattern = search.patterns[index];
        if (pattern !== undefined) matches.push({ start: view.starts[at] ?? 0, end: endInText(view, at + pattern.text.length), pattern });
      });
      if (open) settled = Math.min(settled, view.starts[search.matcher.cutAt(view)] ?? 0);
    });
    const ranges = merged(matches);
    found.push(...ranges);
    if (ranges.length > 0) waiting.push(...gapsBetween(ranges, here));
  }

  found.sort((left, right) => left.start - right.start);
  return { ranges: found, settled: final ? settled : soundCut(settled, found, searched, visit) };
}

/**
 * A place not after `cut` that is neither inside of a range nor, in any view, inside of what stands for one character: a search that begins there sees the same as one
 * that comes from the left.
 */
function soundCut(
  cut: number,
  ranges: readonly Range[],
  searched: readonly Segment[],
  visit: (segment: Segment, mapped: boolean, visitor: (view: View) => void) => void,
): number {
  let sound = cut;
  for (let before = -1; before !== sound;) {
    before = sound;
    sound = ranges.find(({ start, end }) => start < sound && sound < end)?.start ?? sound;
    for (const segment of searched) {
      if (segment.start >= sound || segment.end <= sound) continue;
      visit(segment, true, (view) => {
        sound = startNotAfter(view, sound);
      });
    }
  }
  return sound;
}

/** The last place not after `at` where a character of the view begins. */
function startNotAfter({ starts, length }: View, at: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return starts[low] ?? 0;
}

function gapsBetween(ranges: readonly Range[], { start, end }: Segment): Segment[] {
  const starts = [start, ...ranges.map((range) => range.end)];
  const ends = [...ranges.map((range) => range.start), end];
  return starts.map((from, index) => ({ start: from, end: ends[index] ?? end })).filter((gap) => gap.start < gap.end);
}

/** Overlapping matches become one range, named after the longest pattern. */
function merged(matches: Match[]): Range[] {
  matches.sort((left, right) => left.start - right.start);
  const groups: Match[] = [];
  for (const match of matches) {
    const group = groups.at(-1);
    if (group === undefined || match.start >= group.end) groups.push(match);
    else
      groups[groups.length - 1] = {
        start: group.start,
        end: Math.max(group.end, match.end),
        pattern: moreTelling(group.pattern, match.pattern),
      };
  }
  return groups.map(({ start, end, pattern }) => ({ start, end, name: pattern.name }));
}

function moreTelling(one: Pattern, other: Pattern): Pattern {
  if (one.text.length !== other.text.length) return one.text.length > other.text.length ? one : other;
  if (one.whole !== other.whole) return one.whole ? one : other;
  return one.order <= other.order ? one : other;
}
