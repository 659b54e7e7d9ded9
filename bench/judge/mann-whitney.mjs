// The rule of Kayenta's judge, written anew from what it does: a Mann-Whitney test on the values of each minute as R's wilcox.test makes it (normal approximation, corrected for ties and for continuity), its
// confidence interval of the shift at 98 % and the Hodges-Lehmann estimate by root finding to 1e-4. A metric is High where the lower end is above a quarter of the estimate. What is reported in
// spinnaker/spinnaker#6278 comes out to the last digits.
const quantile = 2.3263478740408408;

/** Whether the experiment is High. */
export function isHigh(experiment, control) {
  if (experiment.every((value, index) => value === control[index])) return false;
  const { lower, estimate } = shiftOf(experiment, control);
  return lower > 0.25 * Math.abs(estimate);
}

/** The interval and the estimate of the shift. */
export function shiftOf(experiment, control) {
  const x = Float64Array.from(experiment).sort();
  const y = Float64Array.from(control).sort();
  const least = x[0] - y[y.length - 1];
  const most = x[x.length - 1] - y[0];
  const root = (target) => {
    const distance = (shift) => score(x, y, shift) - target;
    const [low, high] = [distance(least), distance(most)];
    if (low <= 0) return least;
    if (high >= 0) return most;
    return brent(distance, { a: least, b: most, fa: low, fb: high });
  };
  return { lower: root(quantile), upper: root(-quantile), estimate: root(0) };
}

/** How far the sum of ranks of `x - shift` among all is from what chance expects, in standard deviations. Both are sorted. */
function score(x, y, shift) {
  const [m, n] = [x.length, y.length];
  let [i, j, below, ranks, ties] = [0, 0, 0, 0, 0];
  while (i < m || j < n) {
    const value = Math.min(i < m ? x[i] - shift : Infinity, j < n ? y[j] : Infinity);
    const [beforeX, beforeY] = [i, j];
    while (i < m && x[i] - shift === value) i += 1;
    while (j < n && y[j] === value) j += 1;
    const tied = i - beforeX + j - beforeY;
    ranks += (i - beforeX) * (below + (tied + 1) / 2);
    ties += tied ** 3 - tied;
    below += tied;
  }
  const distance = ranks - (m * (m + 1)) / 2 - (m * n) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1))));
  return deviation === 0 ? 0 : (distance - Math.sign(distance) / 2) / deviation;
}

/** Brent's root finder. Which side of a jump it ends on is part of the rule. */
function brent(f, { a, b, fa, fb }) {
  let [c, fc] = [a, fa];
  for (let round = 0; round < 1_000; round += 1) {
    const previous = b - a;
    if (Math.abs(fc) < Math.abs(fb)) [a, b, c, fa, fb, fc] = [b, c, b, fb, fc, fb];
    const tolerance = 2 * Number.EPSILON * Math.abs(b) + 1e-4 / 2;
    let step = (c - b) / 2;
    if (Math.abs(step) <= tolerance || fb === 0) return b;
    if (Math.abs(previous) >= tolerance && Math.abs(fa) > Math.abs(fb)) {
      let p, q;
      const width = c - b;
      if (a === c) {
        const t = fb / fa;
        [p, q] = [width * t, 1 - t];
      } else {
        const [t, u, v] = [fb / fc, fb / fa, fa / fc];
        [p, q] = [u * (width * v * (v - t) - (b - a) * (t - 1)), (v - 1) * (t - 1) * (u - 1)];
      }
      if (p > 0) q = -q;
      else p = -p;
      if (p < 0.75 * width * q - Math.abs(tolerance * q) / 2 && p < Math.abs((previous * q) / 2)) step = p / q;
    }
    if (Math.abs(step) < tolerance) step = step > 0 ? tolerance : -tolerance;
    [a, fa] = [b, fb];
    b += step;
    fb = f(b);
    if (fb > 0 === fc > 0) [c, fc] = [a, fa];
  }
  return b;
}
