const commonWords = new Set(
  "admin administrator apikey changeme database default deploy deployer disable disabled enable enabled example guest localhost master mysecret passw0rd password postgres postgresql prefer private production public qwerty readonly redacted redis require required root secret service staging storage testing undefined username verify verify-ca verify-full".split(
    " ",
  ),
);

/**
 * Whether a value is so ordinary that masking it would mask ordinary text: a common word, one word or a few joined by punctuation, a short number,
 * or few different characters. A rough guess, meant for a warning and for parts of a secret that are probably not secret themselves.
 */
export function isOrdinary(value: string): boolean {
  const lower = value.toLowerCase();
  if (commonWords.has(lower) || new Set(lower).size <= 3) return true;
  if (/^\d+$/.test(value)) return value.length < 10;
  if (value.length >= 24) return false;
  return /^(?:[A-Za-z]?[a-z]+|[A-Z]+)(?:[ ._/:-](?:[A-Za-z]?[a-z]+|[A-Z]+))*\d?$/.test(value);
}
