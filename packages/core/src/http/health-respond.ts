import type { Health, HealthSnapshot } from "../health/index.js";
import { withoutBody, type HttpReply, type Respond } from "./exchange.js";
import { healthAnswers } from "./health-answers.js";
import { methodNotAllowed } from "./problem.js";
import { requireBasePath } from "./base-path.js";
import { pathOf } from "./request-path.js";

export interface HealthHandlerOptions {
  /** Where the health endpoint answers; `/ready` and `/live` are below it. Default `/api/health`. */
  readonly basePath?: string;
}

interface Replies {
  readonly get: HttpReply;
  readonly head: HttpReply;
}

const refused = methodNotAllowed("GET, HEAD");

/**
 * What health answers over HTTP, without HTTP: from its snapshot, prepared once per snapshot. The base of every handler; throws `HTTP_BASE_PATH_INVALID`.
 */
export function toRespond(health: Pick<Health, "snapshot">, { basePath = "/api/health" }: HealthHandlerOptions = {}): Respond {
  const base = requireBasePath(basePath);
  let snapshot: HealthSnapshot | undefined;
  let prepared: ReadonlyMap<string, Replies> = new Map();
  return ({ method, path }) => {
    const current = health.snapshot();
    if (current !== snapshot) {
      snapshot = current;
      prepared = prepare(current, base);
    }
    const replies = prepared.get(path) ?? prepared.get(pathOf(path));
    if (replies === undefined) return undefined;
    return method === "GET" ? replies.get : method === "HEAD" ? replies.head : refused;
  };
}

function prepare(snapshot: HealthSnapshot, base: string): ReadonlyMap<string, Replies> {
  const { health, ready, live } = healthAnswers(snapshot);
  const both = (get: HttpReply): Replies => ({ get, head: withoutBody(get) });
  return new Map([
    [base === "" ? "/" : base, both(health)],
    [`${base}/ready`, both(ready)],
    [`${base}/live`, both(live)],
  ]);
}
