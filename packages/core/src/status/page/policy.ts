import { hash } from "node:crypto";

/** What a page may do: nothing but its own style and script, to ask its own server, and what is named. */
export function pagePolicy({ style, script }: { readonly style: string; readonly script: string }, ...more: readonly string[]): string {
  const source = (text: string): string => `'sha256-${hash("sha256", text, "base64")}'`;
  return [
    "default-src 'none'",
    `style-src ${source(style)}`,
    `script-src ${source(script)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    ...more,
  ].join("; ");
}
