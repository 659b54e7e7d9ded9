import type { ApplicationCheck } from "../contract/check.js";
import { readDeclaration } from "./declaration.js";

/** A check without what goes without saying. */
export interface CheckDeclaration<Kind extends "process" | "dependency"> extends Omit<ApplicationCheck, "scope" | "kind"> {
  /** `process`: about this process only, and so fit for liveness. Default `dependency`. */
  readonly kind?: Kind;
}

/**
 * Declares a check of the application: `defineCheck({ name: "database", run: async () => { await pool.query("select 1"); return { status: "up" }; } })`. Throws `CHECK_INVALID`.
 */
export function defineCheck<Kind extends "process" | "dependency" = "dependency">(
  declaration: CheckDeclaration<Kind>,
): ApplicationCheck & { readonly kind: Kind };
export function defineCheck(declaration: CheckDeclaration<"process" | "dependency">): ApplicationCheck {
  const check: ApplicationCheck = { kind: "dependency", ...declaration, scope: "application", run: (call) => declaration.run(call) };
  readDeclaration({ ...check, run: declaration.run });
  return Object.freeze(check);
}
