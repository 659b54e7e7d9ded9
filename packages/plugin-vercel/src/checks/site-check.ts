import { isFairleadError, type CandidateCheck, type CandidateSubject, type CheckResult } from "@fairlead/core";
import type { VercelContext } from "../context.js";
import { memberOf, parseJson } from "../json.js";
import { askSite, isBlocked, namedRelease, type SiteAnswer } from "../site/ask-site.js";
import type { Traffic } from "../traffic/traffic.js";
import { apiTrouble } from "./api-trouble.js";

/**
 * Whether a release is well: asked at its own address before it is promoted, and at every domain afterwards. An answer counts only if it comes from that release: because it says so, or because the
 * address shows that deployment (its own does; for a domain Vercel is asked).
 */
export function createSiteCheck(context: VercelContext, traffic: Traffic): CandidateCheck {
  const { name, settings } = context;
  return {
    name: `${name}-site`,
    scope: "candidate",
    // Besides the page a run asks which domains there are and where they point.
    timeout: `${settings.health.timeout + settings.requestTimeout * 2}ms`,
    async run(subject, { signal }) {
      try {
        return await (subject.live ? askDomains(context, traffic, subject, signal) : askOwnAddress(context, subject, signal));
      } catch (error) {
        signal.throwIfAborted();
        const { reason, ...words } = apiTrouble(error);
        return { status: "down", reason: `vercel_${reason}`, ...words };
      }
    },
  };
}

async function askDomains(context: VercelContext, traffic: Traffic, subject: CandidateSubject, signal: AbortSignal): Promise<CheckResult> {
  const domains = await traffic.domains(signal);
  if (domains.length === 0) return { status: "down", reason: "no_domain", message: "The project has no domain that could show it." };
  const results = await Promise.all(domains.map((domain) => askDomain(context, subject, domain, signal)));
  return results.find(({ status }) => status === "down") ?? results.find(({ status }) => status === "degraded") ?? { status: "up" };
}

async function askOwnAddress(context: VercelContext, { candidate, release }: CandidateSubject, signal: AbortSignal): Promise<CheckResult> {
  const host = candidate.url === undefined ? undefined : URL.parse(candidate.url)?.hostname;
  if (host === undefined) return { status: "down", reason: "no_address", message: `${candidate.id} has no address of its own.` };
  const answer = await ask(context, host, signal);
  return "failed" in answer ? answer.failed : judge(context, answer.page, release.id);
}

async function askDomain(
  context: VercelContext,
  { candidate, release }: CandidateSubject,
  domain: string,
  signal: AbortSignal,
): Promise<CheckResult> {
  const answer = await ask(context, domain, signal);
  if ("failed" in answer) return answer.failed;
  const result = judge(context, answer.page, release.id);
  if (result.status === "down" || namedRelease(answer.page) !== undefined) return result;
  const shown = await context.client.aliasOf(domain, signal);
  if (shown === candidate.id) return result;
  return { status: "down", reason: "other_release", message: `${domain} shows ${shown ?? "no deployment"}, not ${candidate.id}.` };
}

async function ask(
  context: VercelContext,
  host: string,
  signal: AbortSignal,
): Promise<{ readonly page: SiteAnswer } | { readonly failed: CheckResult }> {
  try {
    return { page: await askSite(context, { host, path: context.settings.health.path }, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isFairleadError(error, "VERCEL_SITE_UNREACHABLE")) throw error;
    return { failed: { status: "down", reason: "unreachable", message: error.message, hint: error.hint } };
  }
}

function judge({ settings }: VercelContext, page: SiteAnswer, release: string): CheckResult {
  const { host, status, headers, text } = page;
  const { path, release: naming } = settings.health;
  const address = `https://${host}${path}`;
  if (isBlocked(page)) {
    const message = `${address} is protected: it answered ${String(status)} for whoever is not let in.`;
    return { status: "down", reason: "blocked", message, hint: bypassHint(settings.protectionBypass?.name) };
  }
  if (status < 200 || status >= 300) {
    const where = headers.get("location");
    const message = `${address} answered ${String(status)}${where === null ? "" : `, which leads to ${withoutQuery(where)}`}.`;
    return { status: "down", reason: `http_${String(status)}`, message };
  }
  const named = namedRelease(page);
  if (named !== undefined && named !== release) {
    return { status: "down", reason: "other_release", message: `${address} says that it is ${named}, not ${release}.` };
  }
  if (named === undefined && naming === "required") {
    const hint = "Let it answer with the header `x-fairlead-release`, or with JSON that has `release`: the value of FAIRLEAD_RELEASE.";
    return { status: "down", reason: "release_unnamed", message: `${address} does not say which release it is.`, hint };
  }
  const said = memberOf(parseJson(text), "status");
  if (said === "unhealthy" || said === "down")
    return { status: "down", reason: "unhealthy", message: `${address} says that it is ${said}.` };
  if (said === "degraded") return { status: "degraded", reason: "degraded", message: `${address} says that it is degraded.` };
  return { status: "up" };
}

function bypassHint(secret: string | undefined): string {
  return secret === undefined
    ? "Create a secret under Protection Bypass for Automation in the project's settings, and give it as `protectionBypass`."
    : `Vercel does not accept the value of ${secret}: compare it with Protection Bypass for Automation in the project's settings.`;
}

function withoutQuery(location: string): string {
  return location.replace(/[?#].*$/s, "");
}
