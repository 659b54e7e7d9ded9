/** One way to undo an encoding. Texts are bytes, one character each. Gives every text that may have been meant. */
export interface Decoding {
  readonly name: string;
  /** What it is undone from is bytes rather than text, so it can be tried on anything. */
  readonly ofBytes?: true;
  readonly decode: (bytes: string) => readonly string[];
}

const htmlNames: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const escapeLetters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", a: "\x07", e: "\x1b" };

/** Every encoding that a secret is looked for in, alone and inside each other. */
export const decodings: readonly Decoding[] = [
  { name: "escaped", decode: (bytes) => [unescaped(bytes, utf8OfCode), unescaped(bytes, (code) => String.fromCharCode(code))] },
  { name: "percent", decode: (bytes) => [percentDecoded(bytes)] },
  { name: "form", decode: (bytes) => [percentDecoded(bytes.replaceAll("+", " "))] },
  { name: "html", decode: (bytes) => [bytes.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, htmlCharacter)] },
  { name: "shell-quoted", decode: (bytes) => [bytes.replace(/'\\''|'"'"'/g, "'")] },
  { name: "doubled-quote", decode: (bytes) => [bytes.replaceAll("''", "'")] },
  { name: "hex", ofBytes: true, decode: (bytes) => piecesOf(bytes, /[0-9a-f]{8,}/gi, 2, "hex") },
  { name: "base64", ofBytes: true, decode: (bytes) => piecesOf(bytes, /[\w+/-]{8,}/g, 4, "base64") },
];

/** UTF-8, one character for each byte. */
export function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Every run of an alphabet, decoded from each place where a group may begin. */
function piecesOf(bytes: string, runs: RegExp, group: number, encoding: "hex" | "base64"): string[] {
  const places = Array.from({ length: group }, (_, place) => place);
  return (bytes.match(runs) ?? []).flatMap((run) => places.map((place) => Buffer.from(run.slice(place), encoding).toString("latin1")));
}

/** JSON, source code, what `util.inspect`, shells and Python print. They do not agree whether `\xe9` is a character or a byte. */
function unescaped(bytes: string, ofByte: (code: number) => string): string {
  return bytes.replace(
    /\\u\{([0-9a-f]{1,6})\}|((?:\\u[0-9a-f]{4})+)|\\x([0-9a-f]{2})|\\([0-7]{3})|\\([^])/gi,
    (_, ...[braced, units, hexadecimal, octal, single]: (string | undefined)[]) => {
      if (braced !== undefined) return utf8OfCode(parseInt(braced, 16));
      if (units !== undefined)
        return bytesOf(
          String.fromCharCode(
            ...units
              .split("\\u")
              .slice(1)
              .map((digits) => parseInt(digits, 16)),
          ),
        );
      if (hexadecimal !== undefined) return ofByte(parseInt(hexadecimal, 16));
      if (octal !== undefined) return ofByte(parseInt(octal, 8) & 0xff);
      return escapeLetters[single ?? ""] ?? single ?? "";
    },
  );
}

function percentDecoded(bytes: string): string {
  return bytes.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

function htmlCharacter(entity: string, hexadecimal?: string, decimal?: string, name?: string): string {
  if (hexadecimal !== undefined) return utf8OfCode(parseInt(hexadecimal, 16));
  if (decimal !== undefined) return utf8OfCode(parseInt(decimal, 10));
  const character = htmlNames[(name ?? "").toLowerCase()];
  return character === undefined ? entity : bytesOf(character);
}

function utf8OfCode(code: number): string {
  return code > 0x10ffff ? "" : bytesOf(String.fromCodePoint(code));
}
