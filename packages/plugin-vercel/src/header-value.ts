import { fail, type Secret } from "@fairlead/core";
import { vercelErrors } from "./vercel-errors.js";

/** The value of a secret for a header. Throws `VERCEL_SECRET_MALFORMED` for one that no header can carry: the error of the platform would quote it. */
export function toHeaderValue(secret: Secret): string {
  const value = secret.reveal();
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw fail(vercelErrors, "VERCEL_SECRET_MALFORMED", { secret: secret.name });
}
