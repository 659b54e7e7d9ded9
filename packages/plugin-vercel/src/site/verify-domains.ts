import { fail, isFairleadError, type CallOptions, type Candidate } from "@fairlead/core";
import type { VercelDeployment } from "../api/deployment.js";
import type { VercelContext } from "../context.js";
import { releaseOf } from "../meta.js";
import { vercelErrors } from "../vercel-errors.js";
import { askSite, isBlocked, namedRelease, type SiteAnswer } from "./ask-site.js";

const firstPause = 250;
const longestPause = 1_000;

/** Kept back of the time that a promote may take, so that what was found is said before the time is up, in milliseconds. */
const reserve = 1_500;
const leastTime = 2_000;

export interface DomainsToVerify {
  readonly deployment: VercelDeployment;
  readonly previous: Candidate | undefined;
  readonly domains: readonly string[];
  /** When the promote began, by the clock. */
  readonly begunAt: number;
}

/**
 * Looks at what every domain really serves, after Vercel has said where they point. A domain lags when it names another release, when its page is the one of the release before though the new release's own page
 * is another, or when Vercel knows no deployment there. A page that is like neither, because it depends on the host, changes by itself or is a failure of the moment (5xx), says nothing. Throws `VERCEL_DOMAINS_LAG` when a domain still lags when the
 * time is nearly up.
 */
export async function verifyDomains(context: VercelContext, subject: DomainsToVerify, call: CallOptions): Promise<void> {
  const { clock, settings } = context;
  const { deployment, previous, domains, begunAt } = subject;
  const { signal, log } = call;
  const path = settings.health.path;
  const previousHost = previous === undefined || previous.id === deployment.id ? undefined : hostOf(previous);
  const [own, before] = await Promise.all([
    pageOf(context, deployment.host, call),
    previousHost === undefined ? undefined : pageOf(context, previousHost, call),
  ]);
  const until = Math.max(begunAt + settings.promoteTimeout - reserve, clock.now() + leastTime);
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    const pages = await Promise.all(domains.map((domain) => pageOf(context, domain, call)));
    const lagging = domains.filter((_, index) => lags(pages[index], { own, before, release: releaseOf(deployment) }));
    if (lagging.length === 0) {
      const alike = domains.filter((_, index) => isSamePage(pages[index], own));
      log.info(
        `${String(alike.length)} of ${String(domains.length)} domains show the page of ${deployment.id} at ${path}; none another release's`,
      );
      return;
    }
    if (clock.now() >= until) throw fail(vercelErrors, "VERCEL_DOMAINS_LAG", { candidate: deployment.id, domains: lagging, path });
    await clock.sleep(pause, { signal });
  }
}

function lags(
  page: SiteAnswer | undefined,
  {
    own,
    before,
    release,
  }: { readonly own: SiteAnswer | undefined; readonly before: SiteAnswer | undefined; readonly release: string | undefined },
): boolean {
  if (page === undefined) return false;
  const named = namedRelease(page);
  if (named !== undefined && release !== undefined) return named !== release;
  if (page.headers.get("x-vercel-error") === "DEPLOYMENT_NOT_FOUND") return true;
  return isSamePage(page, before) && own !== undefined && !isSamePage(page, own);
}

/** Whether two answers are the same but for the names of their hosts. */
function isSamePage(one: SiteAnswer | undefined, other: SiteAnswer | undefined): boolean {
  if (one === undefined || other === undefined || one.status !== other.status) return false;
  return contentOf(one) === contentOf(other);
}

function contentOf({ host, headers, text }: SiteAnswer): string {
  return `${headers.get("location") ?? ""}\n${text}`.replaceAll(host, "");
}

/** What a host serves; `undefined` where that cannot be found out: the gates ask whether it can be reached. */
async function pageOf(context: VercelContext, host: string, { signal, log }: CallOptions): Promise<SiteAnswer | undefined> {
  try {
    const page = await askSite(context, { host, path: context.settings.health.path }, signal);
    if (isBlocked(page)) log.warn(`${host} is protected, so what it serves cannot be compared; \`protectionBypass\` would let Fairlead in`);
    else if (page.status >= 500) log.warn(`${host} answered ${String(page.status)}, which is not compared`);
    else return page;
  } catch (error) {
    signal.throwIfAborted();
    if (!isFairleadError(error, "VERCEL_SITE_UNREACHABLE")) throw error;
    log.warn(error.message, { code: error.code });
  }
  return undefined;
}

function hostOf({ url }: Candidate): string | undefined {
  return url === undefined ? undefined : URL.parse(url)?.hostname;
}
