import { connectionProblem } from "../../errors/connection-problem.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import type { SmokeRequest } from "../../plan/index.js";
import type { Clock } from "../../time/clock.js";
import { withDeadline } from "../../time/deadline.js";
import { readStart } from "../../health/checks/read-start.js";
import { problemOf, type Answer } from "./expectation.js";
import { filledIn, keep, type Kept } from "./kept-values.js";

/** Most one request may take, in milliseconds. */
const answerWithin = 10_000;

interface Stage {
  readonly url: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Makes requests one after the other, and answers what came of each. Rejects with `SMOKE_REQUEST_FAILED` at the first that is answered otherwise than expected. Follows no redirects. */
export async function runScript(requests: readonly SmokeRequest[], stage: Stage): Promise<Json> {
  let kept: Kept = {};
  const done: Json[] = [];
  for (const request of requests) {
    const name = `${request.method ?? "GET"} ${request.path}`;
    const begun = stage.clock.now();
    const refuse = (problem: string): Error => fail(coreErrors, "SMOKE_REQUEST_FAILED", { request: name, problem });
    const answer = await ask(request, kept, { ...stage, refuse });
    const found = keep(request, answer);
    const problem = problemOf(answer, request.expect) ?? found.problem;
    if (problem !== undefined) throw refuse(problem);
    kept = { ...kept, ...found.kept };
    done.push({ request: name, status: answer.status, took: stage.clock.now() - begun });
  }
  return { requests: done };
}

async function ask(
  { method = "GET", path, headers = {}, body }: SmokeRequest,
  kept: Kept,
  { url, clock, signal, refuse }: Stage & { readonly refuse: (problem: string) => Error },
): Promise<Answer> {
  const address = new URL(url.replace(/\/+$/, "") + filledIn(path, kept, encodeURIComponent));
  const sent = new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, filledIn(value, kept)]));
  if (!sent.has("user-agent")) sent.set("user-agent", "fairlead-smoke");
  if (body !== undefined && typeof body !== "string" && !sent.has("content-type")) sent.set("content-type", "application/json");
  const text = typeof body === "string" ? filledIn(body, kept) : JSON.stringify(filledInside(body, kept));
  const reason = () => refuse("no answer within 10 s");
  return withDeadline(clock, { milliseconds: answerWithin, signal, reason }, async (inner) => {
    try {
      const init = { method, headers: sent, redirect: "manual" as const, signal: inner, ...(body === undefined ? {} : { body: text }) };
      const response = await fetch(address, init);
      return { status: response.status, headers: response.headers, text: await readStart(response) };
    } catch (error) {
      inner.throwIfAborted();
      throw refuse(connectionProblem(error));
    }
  });
}

function filledInside(value: unknown, kept: Kept): unknown {
  if (typeof value === "string") return filledIn(value, kept);
  if (Array.isArray(value)) return value.map((item) => filledInside(item, kept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, filledInside(member, kept)]));
}
