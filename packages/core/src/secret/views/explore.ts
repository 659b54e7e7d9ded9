import { notations, type Notation } from "./notations.js";
import { decodeView, emptyView, loadView, type Excerpt, type View } from "./view.js";

/** How many notations inside each other are undone. */
const deepest = 3;

/** Shows a part of a text as it is, and with every sequence of up to three notations undone that makes a difference. A view is valid only while it is visited. */
export type Explorer = (excerpt: Excerpt, visit: (view: View) => void) => void;

interface Level {
  readonly view: View;
  /** By notation: which triggers came out when it was undone from here. */
  readonly produced: Uint8Array;
}

/** Makes an explorer with memory of its own, which grows to the longest text. Not to be used inside of `visit`. */
export function createExplorer(): Explorer {
  const levels: Level[] = Array.from({ length: deepest + 1 }, () => ({ view: emptyView(), produced: new Uint8Array(notations.length) }));

  const descend = (depth: number, visit: (view: View) => void, made?: Notation) => {
    const [above, here, below] = [levels[depth - 1], levels[depth], levels[depth + 1]];
    if (here === undefined) return;
    visit(here.view);
    if (below === undefined) return;
    here.produced.fill(0);
    for (const notation of notations) {
      if ((here.view.triggers & notation.needs) === 0) continue;
      if (above !== undefined && made !== undefined && isSeenTheOtherWayRound(above, made, notation)) continue;
      if (!decodeView(here.view, below.view, notation)) continue;
      here.produced[notation.index] = below.view.produced;
      descend(depth + 1, visit, notation);
    }
  };

  return (excerpt, visit) => {
    const [first] = levels;
    if (first === undefined) return;
    loadView(first.view, excerpt);
    descend(0, visit);
  };
}

/** Two notations that put nothing in each other's way give the same view in either order; the lower one first has been visited by then. */
function isSeenTheOtherWayRound(above: Level, made: Notation, notation: Notation): boolean {
  const fed = ((above.produced[made.index] ?? 0) & notation.bit) | ((above.produced[notation.index] ?? 0) & made.bit);
  return notation.index < made.index && fed === 0;
}
