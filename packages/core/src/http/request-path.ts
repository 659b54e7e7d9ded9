/** The path of a request target: without query and fragment, without scheme and host, without a slash at its end. Trusts nothing: any text has one. */
export function pathOf(target: string): string {
  const query = target.search(/[?#]/);
  const end = query === -1 ? target.length : query;
  const scheme = target.startsWith("/") ? -1 : target.indexOf("://");
  const slash = scheme === -1 ? 0 : target.indexOf("/", scheme + 3);
  const path = slash === -1 ? "/" : target.slice(slash, end);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
