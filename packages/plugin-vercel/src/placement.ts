import { createHash } from "node:crypto";
import { fail } from "@fairlead/core";
import type { VercelSettings } from "./options.js";
import { vercelErrors } from "./vercel-errors.js";

/** Where the deployments of one environment go. */
export type Placement =
  | { readonly kind: "production" }
  /** `domain` shows the deployment that serves; without it `domainOf` finds a name. */
  | { readonly kind: "preview"; readonly environment: string; readonly custom?: string; readonly domain?: string };

/** Reads where an environment goes. Throws `VERCEL_DOMAIN_SHARED` for a domain that several instances of a template would move. */
export function placementOf({ environments }: Pick<VercelSettings, "environments">, environment: string): Placement {
  const [template = environment, ...instance] = environment.split("/");
  const given = environments[environment] ?? environments[template] ?? (environment === "production" ? "production" : "preview");
  if (given === "production") return { kind: "production" };
  if (given === "preview") return { kind: "preview", environment };
  const { custom, domain } = given;
  if (domain !== undefined && instance.length > 0 && environments[environment] === undefined && !domain.includes("*"))
    throw fail(vercelErrors, "VERCEL_DOMAIN_SHARED", { environment, domain });
  return {
    kind: "preview",
    environment,
    ...(custom === undefined ? {} : { custom }),
    ...(domain === undefined ? {} : { domain: domain.replaceAll("*", toLabel(instance.length > 0 ? instance.join("-") : environment)) }),
  };
}

/** The domain of a preview environment: the configured one, or a name below `vercel.app` that belongs to this project and environment alone. */
export function domainOf(
  { environment, domain }: Extract<Placement, { kind: "preview" }>,
  project: { readonly id: string; readonly name: string },
): string {
  if (domain !== undefined) return domain;
  const own = createHash("sha256").update(`${project.id}/${environment}`).digest("hex").slice(0, 8);
  return `${toLabel(`${project.name}-${environment}`).slice(0, 54)}-${own}.vercel.app`.replace(/-{2,}/g, "-");
}

/** A part of a host name. */
function toLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 63);
}
