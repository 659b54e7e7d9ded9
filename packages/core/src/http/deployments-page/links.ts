/** Addresses of the pages. `base` is where the list is. */
export function listLink(
  base: string,
  { environment, after }: { readonly environment?: string | undefined; readonly after?: string } = {},
): string {
  const query = new URLSearchParams();
  if (environment !== undefined) query.set("environment", environment);
  if (after !== undefined) query.set("after", after);
  const home = base === "" ? "/" : base;
  return query.size === 0 ? home : `${home}?${query.toString()}`;
}

export function deploymentLink(base: string, id: string): string {
  return `${base}/${encodeURIComponent(id)}`;
}

export function rollbackLink(base: string, { environment, to }: { readonly environment: string; readonly to?: string }): string {
  const query = new URLSearchParams({ environment });
  if (to !== undefined) query.set("to", to);
  return `${base}/rollback?${query.toString()}`;
}
