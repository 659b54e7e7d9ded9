import type * as z from "zod";
import type { FairleadError } from "../errors/fairlead-error.js";
import type { HttpReply, HttpRequest, Reply } from "./exchange.js";
import type { Identity, Permission } from "./identity.js";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a route is called with: everything is as its schemas say. */
interface RouteCall<Path, Query, Body> {
  readonly request: HttpRequest;
  /** `undefined` only where the route is public. */
  readonly identity: Identity | undefined;
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** Whether who asks has the route's permission for this environment too, for answers that are about several. */
  readonly may: (environment: string) => Promise<boolean>;
  /** Who asks, also where everybody may and nobody was asked for; counted as everywhere. `undefined` where nobody is known. Throws `HTTP_TOO_MANY_REQUESTS`. */
  readonly signedIn: (permission: Permission) => Promise<Identity | undefined>;
}

/** What an answer of a status looks like, for the document of the surface. */
interface RouteAnswer {
  readonly description: string;
  /** Of a JSON body. Absent: `contentType` says what comes. */
  readonly schema?: z.ZodType;
  readonly contentType?: string;
}

interface RouteShape {
  /** Unique, e.g. `deployments.trigger`. */
  readonly id: string;
  readonly method: Method;
  /** From the slash on, as OpenAPI writes it: `/deploy/status/{deploymentId}`. */
  readonly path: string;
  /** Whether `path` is below the base path (`api`, the default) or beside it, such as pages. */
  readonly place?: "api" | "root";
  /** What its parameters look like; a path whose parameters do not is not its own. Default: whatever is not empty. */
  readonly shapes?: Readonly<Record<string, RegExp>>;
  readonly permission: Permission | "public";
  /** One line, for the document of the surface. */
  readonly summary: string;
  /** What a body is sent as. Default `json`; `form` is what pages send. */
  readonly encoding?: "json" | "form";
  /** Most bytes of a body, where that is more than others may have. Default: as for all. */
  readonly bodyLimit?: number;
  /** Whether pages of any site may read it. Only what is public anyway. Default false. */
  readonly openToSites?: boolean;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** How an error is shown. Default: a problem document. */
  readonly onError?: (error: FairleadError, request: HttpRequest) => HttpReply;
}

/** A route before it is told apart from others: with the types of its schemas. */
interface RouteDefinition<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> extends RouteShape {
  readonly parameters?: Path;
  readonly query?: Query;
  /** Absent: what the body says does not matter, and it is not read. */
  readonly body?: Body;
  /** The environment that it is about, for `authorize`. Default none. */
  readonly environmentOf?: (
    call: RouteCall<z.output<Path>, z.output<Query>, z.output<Body>>,
  ) => string | undefined | Promise<string | undefined>;
  readonly answer: (call: RouteCall<z.output<Path>, z.output<Query>, z.output<Body>>) => Reply | Promise<Reply>;
}

/** One path and method of the surface. */
export interface Route extends RouteShape {
  readonly parameters?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly environmentOf?: (call: RouteCall<unknown, unknown, unknown>) => string | undefined | Promise<string | undefined>;
  readonly answer: (call: RouteCall<unknown, unknown, unknown>) => Reply | Promise<Reply>;
}

/** Declares a route. What its schemas let through is what `answer` is given. */
export function defineRoute<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  definition: RouteDefinition<Path, Query, Body>,
): Route {
  // Called with what these very schemas answered, by `answerRoute` alone.
  return Object.freeze(definition) as unknown as Route;
}
