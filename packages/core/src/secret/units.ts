import { isOrdinary } from "./strength.js";

/** A text that must not be seen: a secret, or a part of it that is logged alone. */
export interface Unit {
  readonly text: string;
  /** Its parts, taken together, hold all of it that is secret. */
  readonly covered: boolean;
}

const armor = /^-----(?:BEGIN|END) [^-]*-----$/;
const sensitiveKey = /pass|pwd|secret|token|key|auth|cred|sig|pin$/i;
const shortestLine = 8;
const deepestNesting = 4;

/** The secret and its parts that are at least `minimum` characters long: lines, credentials and query values of a URL, leaves of JSON. */
export function unitsOf(value: string, minimum: number): Unit[] {
  const texts = new Set<string>([value]);
  const add = (text: string) => {
    if (text.length >= minimum) texts.add(text);
  };
  add(value.trim());
  const parts = partsOf(value, minimum, 0);
  for (const part of parts) add(part);
  const covered = parts.length > 0 && (isJson(value) || isArmored(value));
  return [...texts].map((text) => ({ text, covered: covered && text.trim() === value.trim() }));
}

function partsOf(value: string, minimum: number, nesting: number): string[] {
  if (nesting >= deepestNesting) return [];
  const json = parsedJson(value);
  const parts = json === undefined ? [...linesOf(value, minimum), ...urlPartsOf(value)] : leavesOf(json, minimum, "");
  return [...parts, ...parts.flatMap((part) => partsOf(part, minimum, nesting + 1))];
}

function linesOf(value: string, minimum: number): string[] {
  if (!value.includes("\n")) return [];
  const always = isArmored(value) ? minimum : shortestLine;
  return value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !armor.test(line) && (line.length >= always || (line.length >= minimum && !isOrdinary(line))));
}

function isArmored(value: string): boolean {
  return value.split("\n").some((line) => armor.test(line.trim()));
}

function urlPartsOf(value: string): string[] {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?:\?(?<query>[^#]*))?/i.exec(value.trim());
  if (match?.groups === undefined) return [];
  const { authority = "", path = "", query = "" } = match.groups;
  const { user, password } = credentialsOf(value.trim(), authority);
  const pairs = query.split("&").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const);
  return [
    ...(password === "" ? path.split("/").filter(isToken) : [password]),
    ...(isOrdinary(user) ? [] : [user]),
    ...pairs.filter(([name, text]) => sensitiveKey.test(name) || !isOrdinary(text)).map(([, text]) => text),
  ].filter((part) => part !== "");
}

/** A password may hold an unescaped slash; then the authority ends too early, and at the wrong side of the @. */
function credentialsOf(url: string, authority: string): { user: string; password: string } {
  const cutShort = !authority.includes("@") && /:(?!\d*$)/.test(authority);
  const rest = cutShort ? url.slice(url.indexOf("://") + 3) : authority;
  const userinfo = rest.slice(0, Math.max(0, rest.lastIndexOf("@")));
  const colon = userinfo.indexOf(":");
  return colon < 0 ? { user: userinfo, password: "" } : { user: userinfo.slice(0, colon), password: userinfo.slice(colon + 1) };
}

/** Webhook addresses carry their secret in the path. */
function isToken(segment: string): boolean {
  return segment.length >= shortestLine && /\d/.test(segment) && /[A-Za-z]/.test(segment) && !isOrdinary(segment);
}

function isJson(value: string): boolean {
  return parsedJson(value) !== undefined;
}

/** Objects, lists and quoted texts only: a bare number or `true` is a plain secret. */
function parsedJson(value: string): unknown {
  if (!/^\s*[{["]/.test(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return parsed;
  } catch {
    return undefined;
  }
}

function leavesOf(json: unknown, minimum: number, key: string): string[] {
  if (Array.isArray(json)) return json.flatMap((item) => leavesOf(item, minimum, key));
  if (typeof json === "object" && json !== null) return Object.entries(json).flatMap(([name, item]) => leavesOf(item, minimum, name));
  const text = typeof json === "string" || typeof json === "number" ? String(json) : "";
  return text.length >= minimum && (sensitiveKey.test(key) || !isOrdinary(text)) ? [text] : [];
}
