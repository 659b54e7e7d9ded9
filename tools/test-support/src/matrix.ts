/** Whether this run goes through the long matrices whole (`npm run test:matrix`) or through a sample of each (`npm test`). */
const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
/** Whether the longest of them are cut to what a run of all has time for. */
const isCut = process.env["FAIRLEAD_MATRIX_CUT"] === "1";

/**
 * The cases that this run takes from a long matrix, in their order: `sample` of them in `npm test`, at most `most` (default: all) in `npm run test:matrix`, and all of them where
 * `FAIRLEAD_MATRIX=full` alone is set. Which ones is decided by `FAIRLEAD_SEED` (default 1), so that a run can be repeated.
 */
export function matrixCases<Case>(
  cases: readonly Case[],
  { sample, most = Infinity }: { readonly sample: number; readonly most?: number },
): readonly Case[] {
  let wanted = isWhole ? (isCut ? most : Infinity) : sample;
  if (cases.length <= wanted) return cases;
  const random = createRandom(Number(process.env["FAIRLEAD_SEED"] ?? "1"));
  return cases.filter((_, index) => {
    const isTaken = random() * (cases.length - index) < wanted;
    if (isTaken) wanted -= 1;
    return isTaken;
  });
}

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
