/** Which of two names comes first: by the number that they begin with (`2_x` before `10_y`), names without one behind those; then character by character. */
export function inOrder(one: string, other: string): number {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== second) {
    if (first === undefined) return 1;
    if (second === undefined) return -1;
    return first < second ? -1 : 1;
  }
  return byCharacters(one, other);
}

/** Which of two names comes first, character by character. */
export function byCharacters(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Timestamps have more digits than a number can count. */
function numberOf(id: string): bigint | undefined {
  const digits = /^\d+/.exec(id)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
}
