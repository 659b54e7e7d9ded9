import { fail } from "@fairlead/core";
import type { VercelContext } from "../context.js";
import { toHeaderValue } from "../header-value.js";
import { sendRequest } from "../http.js";
import { memberOf, parseJson } from "../json.js";
import { vercelErrors } from "../vercel-errors.js";

/** What a site answered. */
export interface SiteAnswer {
  readonly host: string;
  readonly status: number;
  readonly headers: Headers;
  /** The first megabyte of the body. */
  readonly text: string;
}

const mostRead = 1024 * 1024;

/** Asks a site for a page, once, past its protection where the options say how. Throws `VERCEL_SITE_UNREACHABLE` when it gives no answer. */
export async function askSite(
  { clock, settings }: VercelContext,
  { host, path }: { readonly host: string; readonly path: string },
  signal: AbortSignal,
): Promise<SiteAnswer> {
  const { protectionBypass, health, fetch } = settings;
  const unreachable = (problem: string): Error => fail(vercelErrors, "VERCEL_SITE_UNREACHABLE", { host, problem });
  const answer = await sendRequest(
    { clock, fetch },
    {
      url: `https://${host}${path}`,
      headers: {
        "user-agent": "fairlead",
        "cache-control": "no-cache",
        ...(protectionBypass === undefined ? {} : { "x-vercel-protection-bypass": toHeaderValue(protectionBypass) }),
      },
      timeout: health.timeout,
      late: () => unreachable("ETIMEDOUT"),
      unreachable,
      limit: mostRead,
    },
    signal,
  );
  return { host, status: answer.status, headers: answer.headers, text: new TextDecoder().decode(answer.body) };
}

/** Whether it is Vercel's protection that answered, not the site. */
export function isBlocked({ status, headers }: SiteAnswer): boolean {
  const location = headers.get("location") ?? "";
  return status === 401 || (status >= 300 && status < 400 && /^https:\/\/vercel\.com\/(sso-api|login)/.test(location));
}

/** The release that an answer says it comes from: in the header `x-fairlead-release`, or as `release` (or `release.id`) of a JSON body. */
export function namedRelease({ headers, text }: SiteAnswer): string | undefined {
  const header = headers.get("x-fairlead-release");
  if (header !== null && header !== "") return header;
  const release = memberOf(parseJson(text), "release");
  const named = typeof release === "object" ? memberOf(release, "id") : release;
  return typeof named === "string" && named !== "" ? named : undefined;
}
