/**
 * The judge weighs one question: how many times as often does a request go wrong on the candidate as on what it is held against? It keeps an account for every answer on this scale, in half octaves from
 * 1/32 to 128.
 */
const octaves = Array.from({ length: 25 }, (_, index) => index / 2 - 5);

export const ratios: readonly number[] = octaves.map((octave) => 2 ** octave);
export const logRatios: readonly number[] = ratios.map((ratio) => Math.log(ratio));

/** The logarithms of weights that sum to one; minus infinity for what has none. */
export type Weights = readonly number[];

/** How bad a bad release is likely to be: two to twenty times is common, and what is worse needs little help to be found. */
export const weightsOfWorse: Weights = normalized((octave) => (octave > 0 ? Math.exp(-((octave - 2.2) ** 2) / 3.4) + 0.03 : 0));

/** How a candidate is likely to be at all: most are like what they replace. */
export const weightsOfAny: Weights = normalized((octave) => 2 ** (-Math.abs(octave) / 2));

/** The same of one that is less than `tolerance` times as bad. */
export function weightsBelow(tolerance: number): Weights {
  return normalized((octave) => (2 ** octave < tolerance ? 2 ** (-Math.abs(octave) / 2) : 0));
}

function normalized(weigh: (octave: number) => number): Weights {
  const weights = octaves.map(weigh);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => Math.log(weight / sum));
}
