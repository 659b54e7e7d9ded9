/** Numbers in [0, 1) that depend on the seeds alone: small fast counter 32, whose 128 bits of state keep the streams of different seeds apart. */
export function createRandom(...seeds) {
  let [a, b, c, counter] = [0x9e3779b9 ^ seeds[0], 0x243f6a88 ^ (seeds[1] ?? 0), 0xb7e15162 ^ (seeds[2] ?? 0), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 16; round += 1) next();
  return next;
}

/** Draws how many of `requests` go wrong, each with the same chance: exactly binomial. */
export function createBinomial(requests, chance) {
  const cumulative = [];
  let term = (1 - chance) ** requests;
  for (let events = 0, sum = 0; events <= requests && sum < 1 - 1e-15; events += 1) {
    sum += term;
    cumulative.push(sum);
    term *= ((requests - events) / (events + 1)) * (chance / (1 - chance));
  }
  return (random) => {
    const drawn = random();
    let events = 0;
    while (events < cumulative.length - 1 && drawn >= cumulative[events]) events += 1;
    return events;
  };
}

/** The 95 % upper bound of a chance of which `hits` of `trials` were seen (Clopper and Pearson). */
export function upperBound(hits, trials) {
  if (hits >= trials) return 1;
  let [low, high] = [hits / trials, 1];
  for (let round = 0; round < 60; round += 1) {
    const middle = (low + high) / 2;
    if (atMost(hits, trials, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function atMost(hits, trials, chance) {
  let log = trials * Math.log1p(-chance);
  let sum = Math.exp(log);
  for (let count = 1; count <= hits; count += 1) {
    log += Math.log(((trials - count + 1) / count) * (chance / (1 - chance)));
    sum += Math.exp(log);
  }
  return sum;
}
