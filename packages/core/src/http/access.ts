import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { headerOf, type HttpRequest } from "./exchange.js";
import type { Authenticate, AuthenticateRequest, Authorize, Identity, Permission } from "./identity.js";
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

/** Who may do what. */
export interface Access {
  /** Who asks, where the permission asks for somebody; `undefined` where it is public. Throws `HTTP_CLOSED` and `HTTP_UNAUTHENTICATED`. */
  identify(request: HttpRequest, permission: Permission | "public"): Promise<Identity | undefined>;
  /** Throws `HTTP_FORBIDDEN` where somebody who is known may not. */
  authorize(identity: Identity | undefined, permission: Permission | "public", about: { readonly environment?: string }): Promise<void>;
  /** Whether somebody may, for pages that offer what may be done. */
  allows(identity: Identity | undefined, permission: Permission, about: { readonly environment?: string }): Promise<boolean>;
  /** Whether `authorize` would let them. */
  may(identity: Identity | undefined, permission: Permission | "public", about: { readonly environment?: string }): Promise<boolean>;
}

export function createAccess({ authenticate, authorize, public: open = [] }: AccessOptions, onUnknown?: OnUnknown): Access {
  const isOpen = (permission: Permission | "public"): permission is "public" => permission === "public" || open.includes(permission);
  const may: Access["may"] = async (identity, permission, about) =>
    identity === undefined || isOpen(permission) || authorize === undefined || (await authorize(identity, permission, about));
  return {
    may,
    async identify(request, permission) {
      if (request.identity !== undefined) return request.identity;
      if (isOpen(permission)) return undefined;
      if (authenticate === undefined) throw fail(coreErrors, "HTTP_CLOSED", { permission });
      const { method, path, native } = request;
      const header = (name: string): string | undefined => headerOf(request, name.toLowerCase());
      const asked: AuthenticateRequest = { method, path: pathOf(path), header, native };
      const identity = await authenticate(asked);
      if (identity !== null && identity !== undefined) return identity;
      onUnknown?.(asked);
      throw fail(coreErrors, "HTTP_UNAUTHENTICATED", {});
    },
    async authorize(identity, permission, about) {
      if (!(await may(identity, permission, about))) throw fail(coreErrors, "HTTP_FORBIDDEN", { permission });
    },
    async allows(identity, permission, about) {
      if (isOpen(permission)) return true;
      return identity !== undefined && (authorize === undefined || (await authorize(identity, permission, about)));
    },
  };
}
