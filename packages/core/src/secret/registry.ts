import { createMatcher } from "./matcher.js";
import { patternsOf } from "./patterns.js";
import type { Pattern, Search } from "./scanner.js";
import { checkedSecretName } from "./secret-name.js";
import { isOrdinary } from "./strength.js";
import { unitsOf, type Unit } from "./units.js";
import { createExplorer, type Explorer } from "./views/explore.js";
import { notationsFor } from "./views/notations.js";
import type { View } from "./views/view.js";

/** How to register a value. */
export interface RegisterOptions {
  /** Mask it although it is shorter than 6 characters. */
  readonly force?: boolean;
  /** Names that must stay readable: a value inside one of them is refused, a part of a value inside one of them is not looked for alone. Default: none. */
  readonly readable?: readonly string[];
}

/** What became of a registration. */
export type RegisterResult =
  | {
      readonly registered: true;
      /** `ordinary`: it or a part of it is a common word, a few of them or a short number; ordinary text will be masked with it. `short`: it was forced. */
      readonly warning?: "ordinary" | "short";
    }
  | { readonly registered: false; readonly reason: "empty" | "too-short" | "too-many-patterns" | "in-readable-name" };

/** What a redactor knows. */
export interface Registry {
  register(name: string, value: string, options?: RegisterOptions): RegisterResult;
  /** What to look for now. Prepared again only after something was registered. */
  search(): Search;
  size(): number;
}

const shortestSecret = 6;
const mostPatterns = 50_000;

export function createRegistry(): Registry {
  const explore = createExplorer();
  const names = new Set<string>();
  const patterns = new Map<string, Pattern>();
  let notations = 0;
  let prepared: Search | undefined;

  const learn = (name: string, value: string, units: readonly Unit[]): boolean => {
    const wanted = new Set(units.flatMap(({ text }) => [...patternsOf(text)]));
    if (patterns.size + [...wanted].filter((text) => !patterns.has(text)).length > mostPatterns) return false;
    for (const text of wanted) {
      const known = patterns.get(text);
      const whole = text === value;
      if (known === undefined || (whole && !known.whole)) patterns.set(text, { text, name, whole, order: known?.order ?? patterns.size });
    }
    names.add(name);
    notations |= notationsFor(units.filter(({ covered }) => !covered).map(({ text }) => text));
    prepared = undefined;
    return true;
  };

  return {
    register(name, value, { force = false, readable = [] } = {}) {
      checkedSecretName(name);
      if (value === "") return { registered: false, reason: "empty" };
      const short = value.length < shortestSecret;
      if (short && !force) return { registered: false, reason: "too-short" };
      const isReadable = (text: string): boolean => readable.some((other) => other.includes(text));
      if (isReadable(value)) return { registered: false, reason: "in-readable-name" };
      const units = unitsOf(value, shortestSecret);
      const hidden = units.filter(({ text }) => !isReadable(text));
      if (!learn(name, value, withViews(hidden, explore))) return { registered: false, reason: "too-many-patterns" };
      if (short) return { registered: true, warning: "short" };
      return isOrdinary(value) || hidden.length < units.length ? { registered: true, warning: "ordinary" } : { registered: true };
    },
    search() {
      prepared ??= prepare([...patterns.values()], new Set(names), notations);
      return prepared;
    },
    size: () => names.size,
  };
}

function prepare(patterns: readonly Pattern[], names: ReadonlySet<string>, notations: number): Search {
  const texts = patterns.map(({ text }) => text);
  const shortest = texts.reduce((length, text) => Math.min(length, text.length), Infinity);
  return { patterns, matcher: createMatcher(texts), names, shortest, notations };
}

/** Also what a unit turns into where somebody undoes escapes that it only seems to hold. */
function withViews(units: readonly Unit[], explore: Explorer): Unit[] {
  return units.flatMap((unit) => {
    const texts = new Set([unit.text]);
    const whole = { text: unit.text, start: 0, end: unit.text.length, final: true, notations: notationsFor([unit.text]), mapped: false };
    explore(whole, (view) => {
      if (view.length >= shortestSecret) texts.add(textOf(view));
    });
    return [...texts].map((text) => ({ ...unit, text }));
  });
}

function textOf({ codes, length }: View): string {
  return Array.from(codes.subarray(0, length), (code) => String.fromCharCode(code)).join("");
}
