/** Who asks. */
export interface Identity {
  /** Stable: the rate of requests is counted by it. */
  readonly id: string;
  /** For people: what journals and pages call it. Default `id`. */
  readonly name?: string;
  /** Handed to `authorize`. */
  readonly roles?: readonly string[];
}

/** What an answer needs that is not public. */
export type Permission =
  | "health.details"
  | "metrics.read"
  | "openapi.read"
  | "deployments.read"
  | "deployments.trigger"
  | "deployments.rollback"
  | "deployments.approve"
  | "deployments.abort"
  | "incidents.write"
  | "tick.run";

/** A request as `authenticate` sees it. */
export interface AuthenticateRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** A header field by its name in any case. */
  header(name: string): string | undefined;
  /** What the framework handed over: a request of `node:http` or Express (with its session), a `Request`, an event of SvelteKit, a context of Hono. */
  readonly native: unknown;
}

/** Says who asks; `undefined` or `null` where nobody is known by what the request carries. What it throws is told to `log`; whoever asks is answered with 503, or as anybody is where everybody may. */
export type Authenticate = (request: AuthenticateRequest) => Identity | null | undefined | Promise<Identity | null | undefined>;

/** Whether somebody may do that. `environment` is there where it is about one. What it throws is told to `log` and answered with 503. */
export type Authorize = (
  identity: Identity,
  permission: Permission,
  about: { readonly environment?: string },
) => boolean | Promise<boolean>;
