import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, type FairleadError } from "../errors/fairlead-error.js";
import { headerOf, type HttpRequest } from "./exchange.js";
import { isRefusal } from "./failure.js";
import type { Authenticate, AuthenticateRequest, Authorize, Identity, Permission } from "./identity.js";
import { createReference } from "./last-resort.js";
import { pathOf } from "./request-path.js";

export interface AccessOptions {
  /** Says who asks. Default: nobody is known, and all but health and status is closed. */
  readonly authenticate?: Authenticate;
  /** Whether somebody may do that. Default: whoever is known may do everything. */
  readonly authorize?: Authorize;
  /** What everybody may do, known or not. Default nothing. */
  readonly public?: readonly Permission[];
}

/** Counts who could not be told who they are. Throws `HTTP_TOO_MANY_REQUESTS`. */
export type OnUnknown = (request: AuthenticateRequest) => void;

/** A request as the host is shown it. */
export function askedOf(request: HttpRequest): AuthenticateRequest {
  const { method, path, native } = request;
  return { method, path: pathOf(path), header: (name) => headerOf(request, name.toLowerCase()), native };
}

/** Who may do what. Where the host cannot say so now, each throws `HTTP_ACCESS_UNDECIDED`, whose cause is why. */
export interface Access {
  /** Who asks, where the permission asks for somebody; `undefined` where it is public. Throws `HTTP_CLOSED` and `HTTP_UNAUTHENTICATED`. */
  identify(request: HttpRequest, permission: Permission | "public"): Promise<Identity | undefined>;
  /** Throws `HTTP_FORBIDDEN` of who may not. */
  authorize(identity: Identity | undefined, permission: Permission | "public", about: { readonly environment?: string }): Promise<void>;
  /** Whether somebody may. Nobody may what is not public. */
  allows(identity: Identity | undefined, permission: Permission | "public", about: { readonly environment?: string }): Promise<boolean>;
}

export function createAccess({ authenticate, authorize, public: open = [] }: AccessOptions, onUnknown?: OnUnknown): Access {
  const isOpen = (permission: Permission | "public"): permission is "public" => permission === "public" || open.includes(permission);
  const allows: Access["allows"] = async (identity, permission, about) => {
    if (isOpen(permission)) return true;
    return identity !== undefined && (authorize === undefined || (await decided(() => authorize(identity, permission, about))));
  };
  return {
    allows,
    async identify(request, permission) {
      if (request.identity !== undefined) return request.identity;
      if (isOpen(permission)) return undefined;
      if (authenticate === undefined) throw fail(coreErrors, "HTTP_CLOSED", { permission });
      const asked = askedOf(request);
      const identity = await decided(() => authenticate(asked));
      if (identity !== null && identity !== undefined) return identity;
      onUnknown?.(asked);
      throw fail(coreErrors, "HTTP_UNAUTHENTICATED", {});
    },
    async authorize(identity, permission, about) {
      if (!(await allows(identity, permission, about))) throw fail(coreErrors, "HTTP_FORBIDDEN", { permission });
    },
  };
}

/** Whether the host could not say who asks or what they may. */
export function isUndecided(error: unknown): error is FairleadError<{ reference: string }> {
  return isFairleadError(error, "HTTP_ACCESS_UNDECIDED");
}

async function decided<Answer>(ask: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (isRefusal(error)) throw error;
    throw fail(coreErrors, "HTTP_ACCESS_UNDECIDED", { reference: createReference() }, { cause: error });
  }
}
