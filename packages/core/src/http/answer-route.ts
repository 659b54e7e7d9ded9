import type * as z from "zod";
import type { Logger } from "../contract/call.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { isUndecided, type Access } from "./access.js";
import type { HttpRequest, Reply } from "./exchange.js";
import { problemOf, tellFailure } from "./failure.js";
import type { Identity, Permission } from "./identity.js";
import { readRequestBody } from "./request-body.js";
import type { Route } from "./route.js";
import { requireSameSite } from "./same-site.js";

/** What every route is answered with. */
export interface Answering {
  readonly access: Access;
  readonly limit: (identity: string, isWrite: boolean) => void;
  /** Most bytes of a body. */
  readonly bodyLimit: number;
  readonly log: Logger;
  /** Takes secrets out of what is told to those who are known, and to the log. */
  readonly redact: ((text: string) => string) | undefined;
}

/** Asks a route: who asks, whether they may, whether it can be understood, and then the answer. Never rejects. */
export async function answerRoute(
  route: Route,
  request: HttpRequest,
  { parameters, answering }: { readonly parameters: Readonly<Record<string, string>>; readonly answering: Answering },
): Promise<Reply> {
  const { access, limit, bodyLimit, log, redact } = answering;
  const isWrite = route.method !== "GET";
  let isKnown = false;
  /** Who may be nobody, and is counted all the same. */
  const guest = async (permission: Permission): Promise<Identity | undefined> => {
    try {
      const found = await access.identify(request, permission);
      isKnown = found !== undefined;
      if (found !== undefined) limit(found.id, isWrite);
      return found;
    } catch (error) {
      if (isFairleadError(error, "HTTP_UNAUTHENTICATED") || isFairleadError(error, "HTTP_CLOSED")) return undefined;
      // What everybody may read they may read now, too.
      if (!isUndecided(error)) throw error;
      tellFailure({ log, redact, route, request }, error.data.reference, error.cause);
      return undefined;
    }
  };
  try {
    if (isWrite) requireSameSite(request);
    const identity = await access.identify(request, route.permission);
    isKnown = identity !== undefined;
    if (identity !== undefined) limit(identity.id, isWrite);
    const path = understood("path", route.parameters, parameters);
    const query = understood("query", route.query, queryOf(request.path));
    const most = Math.max(bodyLimit, route.bodyLimit ?? 0);
    const body =
      route.body === undefined ? undefined : understood("body", route.body, await readRequestBody(request, route.encoding ?? "json", most));
    const may = (environment: string): Promise<boolean> => access.allows(identity, route.permission, { environment });
    const signedIn = async (permission: Permission): Promise<Identity | undefined> => identity ?? (await guest(permission));
    const call = { request, identity, path, query, body, may, signedIn };
    const environment = await route.environmentOf?.(call);
    await access.authorize(identity, route.permission, environment === undefined ? {} : { environment });
    return await route.answer(call);
  } catch (error) {
    return problemOf(error, { isKnown, log, redact, route, request });
  }
}

function understood(where: "path" | "query" | "body", schema: z.ZodType | undefined, given: unknown): unknown {
  if (schema === undefined) return undefined;
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const problems = error.issues.slice(0, 20).map(({ path, message }) => ({
    place: [where, ...path.map(String)].join("/"),
    problem: message,
  }));
  throw fail(coreErrors, "HTTP_REQUEST_INVALID", { problems });
}

/** Of a member that comes more than once the last one counts. */
function queryOf(target: string): Record<string, string> {
  const start = target.indexOf("?");
  if (start === -1) return {};
  const end = target.indexOf("#", start);
  return Object.fromEntries(new URLSearchParams(target.slice(start + 1, end === -1 ? undefined : end)));
}
