import { inspect } from "node:util";

/** A way in which a secret turns up in a text. */
export interface Carrier {
  readonly name: string;
  /** A text that holds the secret between two others, which do not have to come out as they are. */
  carry(secret: string, before: string, after: string): string;
}

/** The ways that logs, errors, requests and dumps are known for. For the test of anything that must let no secret through. */
export const carriers: readonly Carrier[] = [
  { name: "raw", carry: (secret, before, after) => before + secret + after },
  {
    name: "line by line",
    carry: (secret, before, after) => [before, ...secret.split("\n").map((line) => `  | ${line}`), after].join("\n"),
  },
  {
    name: "error",
    carry: (secret, before, after) =>
      `Error: ${before} ${secret}\n    at deploy (file:///app/deploy.ts:1:2) {\n  detail: ${inspect(secret + after)}\n}`,
  },
  { name: "util.inspect", carry: (secret, before, after) => inspect({ before, nested: { secret }, after }) },
  { name: "JSON", carry: (secret, before, after) => JSON.stringify({ before, secret, after }) },
  { name: "JSON in JSON", carry: (secret, before, after) => JSON.stringify({ before, body: JSON.stringify({ secret, after }) }) },
  {
    name: "JSON in JSON in JSON",
    carry: (secret, before, after) => JSON.stringify({ before, log: JSON.stringify({ body: JSON.stringify({ secret, after }) }) }),
  },
  { name: "ASCII JSON", carry: (secret, before, after) => ascii(JSON.stringify({ before, secret, after })) },
  { name: "JSON of Go", carry: (secret, before, after) => JSON.stringify({ before, secret, after }).replace(/[<>&]/g, unicodeEscape) },
  {
    name: "address, query",
    carry: (secret, before, after) =>
      `https://example.com/?q=${encodeURIComponent(before)}&key=${encodeURIComponent(secret)}&after=${encodeURIComponent(after)}`,
  },
  {
    name: "address, query in lower case",
    carry: (secret, before, after) => `GET /?key=${encodeURIComponent(secret).replace(/%../g, lowerCase)}&q=${before} ${after}`,
  },
  {
    name: "address, password",
    carry: (secret, before, after) => `${before} postgres://app:${encodeURIComponent(secret)}@db.example.com/shop ${after}`,
  },
  { name: "address, as URL writes it", carry: (secret, before, after) => `${before} ${urlWithPassword(secret)} ${after}` },
  { name: "form", carry: (secret, before, after) => new URLSearchParams({ before, secret, after }).toString() },
  {
    name: "form in a form",
    carry: (secret, before, after) => new URLSearchParams({ before, form: new URLSearchParams({ secret, after }).toString() }).toString(),
  },
  {
    name: "address in JSON",
    carry: (secret, before, after) => JSON.stringify({ before, url: `https://example.com/?key=${encodeURIComponent(secret)}`, after }),
  },
  {
    name: "JSON in an address",
    carry: (secret, before, after) => `/?data=${encodeURIComponent(JSON.stringify({ before, secret, after }))}`,
  },
  { name: "base64", carry: (secret, before, after) => `${before} ${base64(secret)} ${after}` },
  { name: "base64 of a line", carry: (secret, before, after) => `${before} ${base64(`${secret}\n`)} ${after}` },
  { name: "base64 inside of a text", carry: (secret, before, after) => base64(before + secret + after) },
  { name: "base64url inside of a text", carry: (secret, before, after) => base64(before + secret + after, "base64url") },
  {
    name: "basic authentication",
    carry: (secret, before, after) => `${before} Authorization: Basic ${base64(`deploy-user:${secret}`)} ${after}`,
  },
  {
    name: "JSON in base64url",
    carry: (secret, before, after) => `X-Registry-Auth: ${base64(JSON.stringify({ before, password: secret, after }), "base64url")}`,
  },
  {
    name: "address in base64",
    carry: (secret, before, after) => base64(`before=${before}&password=${encodeURIComponent(secret)}&after=${after}`),
  },
  {
    name: "form in base64",
    carry: (secret, before, after) => base64(new URLSearchParams({ before, secret, after }).toString()),
  },
  { name: "base64 in JSON", carry: (secret, before, after) => JSON.stringify({ before, auth: base64(`user:${secret}`), after }) },
  { name: "hex", carry: (secret, before, after) => `${before} ${Buffer.from(secret).toString("hex")} ${after}` },
  { name: "hex in capitals", carry: (secret, before, after) => `${before} ${Buffer.from(secret).toString("hex").toUpperCase()} ${after}` },
  { name: "XML", carry: (secret, before, after) => `<note before="${xml(before)}">${xml(secret)}</note> ${after}` },
  {
    name: "HTML by numbers",
    carry: (secret, before, after) => `<p>${byNumbers(before + secret)} ${after}</p>`,
  },
  {
    name: "HTML by hexadecimal numbers",
    carry: (secret, before, after) =>
      `<p>${before} ${secret.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#x${character.codePointAt(0)?.toString(16) ?? ""};`)} ${after}</p>`,
  },
  {
    name: "address in HTML by numbers",
    carry: (secret, before, after) => `<p>${byNumbers(`${before} /?key=${encodeURIComponent(secret)}`)} ${after}</p>`,
  },
  { name: "HTML in JSON", carry: (secret, before, after) => JSON.stringify({ before, text: `<b>${xml(secret)}</b>`, after }) },
  { name: "JSON in HTML", carry: (secret, before, after) => `<pre>${xml(JSON.stringify({ before, secret, after }))}</pre>` },
  { name: "shell word", carry: (secret, before, after) => `${before}; export KEY='${secret.replaceAll("'", "'\\''")}' ${after}` },
  { name: "shell word of Python", carry: (secret, before, after) => `${before}; export KEY='${secret.replaceAll("'", `'"'"'`)}' ${after}` },
  {
    name: "shell word with backslashes",
    carry: (secret, before, after) => `${before}; KEY=${secret.replace(/[ -/:-@[-`{-~]/g, "\\$&")} ${after}`,
  },
  {
    name: "shell word in JSON",
    carry: (secret, before, after) => JSON.stringify({ before, command: `KEY='${secret.replaceAll("'", "'\\''")}'`, after }),
  },
  {
    name: "JSON in a shell word",
    carry: (secret, before, after) => `curl --data '${JSON.stringify({ before, secret, after }).replaceAll("'", "'\\''")}'`,
  },
  {
    name: "JSON in SQL",
    carry: (secret, before, after) => `INSERT INTO log VALUES ('${JSON.stringify({ before, secret, after }).replaceAll("'", "''")}')`,
  },
  {
    name: "SQL text",
    carry: (secret, before, after) => `${before}: ALTER ROLE app PASSWORD '${secret.replaceAll("'", "''")}' -- ${after}`,
  },
  { name: "bytes of nginx", carry: (secret, before, after) => `${before} "${bytewise(secret)}" ${after}` },
];

function base64(text: string, alphabet: "base64" | "base64url" = "base64"): string {
  return Buffer.from(text).toString(alphabet);
}

function ascii(json: string): string {
  return json.replace(/[^\0-~]/g, unicodeEscape);
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

function urlWithPassword(secret: string): string {
  const url = new URL("https://app@example.com/hook");
  url.password = secret;
  return url.href;
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&apos;");
}

function byNumbers(text: string): string {
  return text.replace(/[^A-Za-z0-9 ]/gu, (character) => `&#${String(character.codePointAt(0))};`);
}

function bytewise(text: string): string {
  return Array.from(Buffer.from(text), (byte) =>
    byte < 32 || byte > 126 || byte === 34 || byte === 92
      ? `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte),
  ).join("");
}
