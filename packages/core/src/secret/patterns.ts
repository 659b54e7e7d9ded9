const encoder = new TextEncoder();

/** What a secret of a few characters, masked by force, is encoded to is found in any base64. */
const shortestEncoding = 6;

/**
 * What to look for so that a text is found as it is, in hex, and inside base64 or base64url that begins anywhere before it and ends anywhere after it,
 * also where it was written as JSON, an address or a form before. Escapes outside of base64 are not listed here: views undo them.
 */
export function patternsOf(text: string): Set<string> {
  const bytes = encoder.encode(text);
  const hex = Array.from(bytes, hexOf).join("");
  const encoded = new Set([hex, hex.toUpperCase()]);
  for (const form of formsOf(text)) {
    for (const core of base64Cores(encoder.encode(form))) {
      encoded.add(core);
      encoded.add(core.replaceAll("+", "-").replaceAll("/", "_"));
    }
  }
  return new Set([text, ...[...encoded].filter(({ length }) => length >= shortestEncoding)]);
}

/** The characters of base64 that depend on these bytes alone, for each of the three places where they may begin in a group of three. */
function base64Cores(bytes: Uint8Array): string[] {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return [0, 1, 2].map((before) => {
    const bits = 8 * before;
    return btoa("\0".repeat(before) + binary).slice(Math.ceil(bits / 6), Math.floor((bits + 8 * bytes.length) / 6));
  });
}

/** As it stands in what is commonly put in base64: alone or in a header, in JSON, in an address, in a form. */
function formsOf(text: string): Set<string> {
  const wellFormed = text.toWellFormed();
  const form = new URLSearchParams([["", wellFormed]]).toString().slice(1);
  return new Set([text, JSON.stringify(text).slice(1, -1), encodeURIComponent(wellFormed), form]);
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
