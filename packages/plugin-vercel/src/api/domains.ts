import * as z from "zod";

/** Domains of a page that serve production. */
export interface DomainPage {
  readonly names: readonly string[];
  /** Where the next page begins, if there is one. */
  readonly next: string | undefined;
}

const schema = z.looseObject({
  domains: z.array(
    z.looseObject({
      name: z.string(),
      redirect: z.string().nullish(),
      gitBranch: z.string().nullish(),
      customEnvironmentId: z.string().nullish(),
      verified: z.boolean().nullish(),
    }),
  ),
  pagination: z.looseObject({ next: z.number().nullish() }).nullish(),
});

/** Reads the domains of a project that serve production: verified ones that do not redirect and belong to no branch and no custom environment. */
export function readDomains(json: unknown): DomainPage | undefined {
  const { data } = schema.safeParse(json);
  if (data === undefined) return undefined;
  const names = data.domains
    .filter(
      ({ verified, redirect, gitBranch, customEnvironmentId }) => verified !== false && !redirect && !gitBranch && !customEnvironmentId,
    )
    .map(({ name }) => name);
  const next = data.pagination?.next;
  return { names, next: next === undefined || next === null ? undefined : String(next) };
}
