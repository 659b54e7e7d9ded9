import type { SmokeExpectation } from "../../plan/index.js";

/** What was answered to a request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The first megabyte of the body. */
  readonly text: string;
}

/** The body as JSON; `undefined` if it is none. */
export function jsonOf({ text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** In what an answer is not as expected, in words. Never quotes the body: nobody knows what it holds. */
export function problemOf(answer: Answer, { status, headers = {}, text, json }: SmokeExpectation = {}): string | undefined {
  const isAsExpected = status === undefined ? answer.status >= 200 && answer.status < 300 : answer.status === status;
  if (!isAsExpected) return `it was answered ${String(answer.status)} instead of ${status === undefined ? "200 to 299" : String(status)}`;
  const wrong = headerProblem(answer, headers);
  if (wrong !== undefined) return wrong;
  if (text !== undefined && !answer.text.includes(text)) return `the body does not hold ${JSON.stringify(text)}`;
  if (json === undefined) return undefined;
  const body = jsonOf(answer);
  if (body === undefined) return "the body is not JSON";
  const place = differenceOf(body, json, "");
  return place === undefined ? undefined : `the body is not as expected at ${place === "" ? "its top" : place}`;
}

function headerProblem(answer: Answer, headers: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(headers)) {
    const found = answer.headers.get(name);
    if (found === null) return `it was answered without the header ${name}`;
    if (!found.includes(value)) return `the header ${name} does not hold ${JSON.stringify(value)}`;
  }
  return undefined;
}

/** Where what was found is not what was wanted, as a JSON pointer; members that are not wanted may be anything. */
function differenceOf(found: unknown, wanted: unknown, place: string): string | undefined {
  if (typeof wanted !== "object" || wanted === null) return found === wanted ? undefined : place;
  if (typeof found !== "object" || found === null || Array.isArray(found) !== Array.isArray(wanted)) return place;
  if (Array.isArray(wanted) && Array.isArray(found) && found.length !== wanted.length) return place;
  for (const [name, value] of Object.entries(wanted)) {
    const member = Object.hasOwn(found, name) ? (found as Readonly<Record<string, unknown>>)[name] : undefined;
    const difference = differenceOf(member, value, `${place}/${name}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
