/** What of an answer says that somebody stands before the site. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
}

/** Headers by which a guard says that it has answered instead of the site. */
const guards: readonly (readonly [header: string, value: RegExp])[] = [
  ["x-vercel-mitigated", /^(?:challenge|deny)$/],
  ["cf-mitigated", /^challenge$/],
  ["x-amzn-waf-action", /^(?:challenge|captcha)$/],
  ["set-cookie", /(?:^|,\s*)_vercel_sso_nonce=/],
];

/** Where a guard sends whoever has not logged in. */
const entrances = [/^https:\/\/vercel\.com\/(?:sso-api|login)\b/, /^https:\/\/[^/?#]+\.cloudflareaccess\.com\//];

/**
 * Whether not the site has answered but what protects it: the log-in of Vercel's deployment protection or of Cloudflare Access, a challenge for robots of Vercel, Cloudflare or AWS. Such a page
 * may well say 200, and says nothing about the site.
 */
export function isProtectionPage({ status, headers }: Answered): boolean {
  if (guards.some(([header, value]) => value.test(headers.get(header) ?? ""))) return true;
  const location = status >= 300 && status < 400 ? (headers.get("location") ?? "") : "";
  return entrances.some((entrance) => entrance.test(location));
}
