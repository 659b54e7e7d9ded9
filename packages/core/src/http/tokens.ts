import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Authenticate, Identity } from "./identity.js";

/** A token and who it stands for. */
export interface TokenIdentity extends Identity {
  /** At least 20 characters. What the process's environment does not name is refused. */
  readonly token: string | undefined;
}

/** Fewer can be guessed. */
const fewest = 20;

/**
 * Knows people and programs by tokens: `Authorization: Bearer <token>`, or by a browser's own prompt with any name and the token as the password. Compared in the same time whatever is sent. Throws
 * `HTTP_TOKEN_WEAK`.
 */
export function bearerTokens(tokens: readonly TokenIdentity[]): Authenticate {
  const known = tokens.map(({ token, ...identity }) => {
    if (token === undefined || token.length < fewest) throw fail(coreErrors, "HTTP_TOKEN_WEAK", { name: identity.name ?? identity.id });
    return { identity: Object.freeze(identity), digest: digestOf(token) };
  });
  return async (request) => {
    const given = tokenIn(request.header("authorization"));
    if (given === undefined) return undefined;
    const asked = await digestOf(given);
    let found: Identity | undefined;
    // All of them, also behind one that fits.
    for (const { identity, digest } of known) if (isSame(await digest, asked)) found = identity;
    return found;
  };
}

function tokenIn(authorization: string | undefined): string | undefined {
  const [, scheme, value] = /^(bearer|basic) +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (scheme === undefined || value === undefined) return undefined;
  return scheme.toLowerCase() === "bearer" ? value : passwordIn(value);
}

function passwordIn(credentials: string): string | undefined {
  try {
    const text = new TextDecoder().decode(Uint8Array.from(atob(credentials), (character) => character.charCodeAt(0)));
    return text.includes(":") ? text.slice(text.indexOf(":") + 1) : undefined;
  } catch {
    return undefined;
  }
}

/** Digests are equally long, and say nothing about how much of a token was right. */
async function digestOf(token: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}
