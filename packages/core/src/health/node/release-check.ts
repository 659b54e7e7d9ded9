import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { once } from "node:events";
import type { CandidateCheck, CandidateSubject, CheckResult } from "../../contract/check.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Duration } from "../../time/duration.js";
import { isProtectionPage } from "../checks/protection.js";
import { isCheckName, lengthOf } from "../declaration.js";

export interface ReleaseCheckOptions {
  readonly name: string;
  /** Where users ask; asked once the release is live. Before, and where this is absent, the candidate is asked at its own address. */
  readonly url?: string;
  /** What says which release answers: in the header `x-fairlead-release`, or as `release` of a JSON body, as Fairlead's health does. Default `/api/health`. */
  readonly path?: string;
  /** How many answers in a row must come from the release in every run, each over a connection of its own. Default 3. */
  readonly answers?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default true. */
  readonly critical?: boolean;
  /** Most a run may take. Default `10s`. */
  readonly timeout?: Duration;
}

/** Of an answer no more is read than a release needs to say who it is, in bytes. */
const mostRead = 2 ** 16;

/**
 * For `verify.checks` of an environment: whether the very release that is deployed answers, several times in a row, over fresh connections, so that no balancer shows an old process on one that is
 * kept. One answer of another release is enough to be down. Follows no redirects. Reasons: `other_release`, `release_unnamed`, `unhealthy`, `http_<status>`, `blocked`, `no_address`, and those of a
 * connection. Throws `CHECK_INVALID`.
 */
export function releaseCheck(options: ReleaseCheckOptions): CandidateCheck {
  const { name, url, path = "/api/health", answers = 3, headers = {}, critical = true, timeout = "10s" } = options;
  const refuse = (problem: string) => fail(coreErrors, "CHECK_INVALID", { check: name, problem });
  if (!isCheckName(name)) throw refuse("its `name` must be lower-case words joined by hyphens.");
  if (!Number.isInteger(answers) || answers < 1) throw refuse("its `answers` must be a whole number of at least 1.");
  if (url !== undefined && addressOf(url, path) === undefined) throw refuse("its `url` must be an http: or https: address.");
  if (!path.startsWith("/")) throw refuse("its `path` must begin with a slash.");
  lengthOf(name, "timeout", timeout);
  return Object.freeze<CandidateCheck>({
    scope: "candidate",
    name,
    critical,
    timeout,
    async run(subject, { signal }) {
      const base = (subject.live ? url : undefined) ?? subject.candidate.url;
      const address = base === undefined ? undefined : addressOf(base, path);
      if (address === undefined)
        return { status: "down", reason: "no_address", message: `${subject.candidate.id} has no address of its own` };
      let isDegraded = false;
      for (let answer = 0; answer < answers; answer += 1) {
        const result = judge(await ask(address, headers, signal), subject, address);
        if (result.status === "down") return result;
        isDegraded ||= result.status === "degraded";
      }
      return isDegraded ? { status: "degraded", reason: "degraded" } : { status: "up", data: { answers } };
    },
  });
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks on a connection that is opened for it and closed behind it. */
async function ask(address: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
  const send = address.protocol === "https:" ? requestHttps : requestHttp;
  const request = send(address, {
    agent: false,
    signal,
    headers: { "user-agent": "fairlead-health", "cache-control": "no-cache", ...headers },
  });
  request.end();
  try {
    const [response] = (await once(request, "response", { signal })) as [IncomingMessage];
    const text = await startOf(response);
    const received = Object.entries(response.headers).map(([field, value]): [string, string] => [field, String(value)]);
    return { status: response.statusCode ?? 0, headers: new Headers(received), body: jsonIn(text) };
  } finally {
    // What is left of an answer that was too long may end in an error, which is of no interest any more.
    request.on("error", () => undefined);
    request.destroy();
  }
}

async function startOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostRead) break;
  }
  return Buffer.concat(chunks).toString();
}

function judge({ status, headers, body }: Answer, { release }: CandidateSubject, address: URL): CheckResult {
  const shown = `${address.origin}${address.pathname}`;
  const down = (reason: string, message: string): CheckResult => ({ status: "down", reason, message: `${shown} ${message}` });
  if (isProtectionPage({ status, headers })) return down("blocked", `is protected: it answered ${String(status)}`);
  const named = headers.get("x-fairlead-release") ?? (typeof body["release"] === "string" ? body["release"] : undefined);
  if (named !== undefined && named !== release.id) return down("other_release", `was answered by ${named}, not by ${release.id}`);
  if (status < 200 || status > 299) return down(`http_${String(status)}`, `answered ${String(status)}`);
  if (named === undefined) return down("release_unnamed", "does not say which release it is");
  if (body["status"] === "unhealthy") return down("unhealthy", "says that it is unhealthy");
  return { status: body["status"] === "degraded" ? "degraded" : "up", ...(body["status"] === "degraded" ? { reason: "degraded" } : {}) };
}

function jsonIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

function addressOf(base: string, path: string): URL | undefined {
  const url = URL.parse(base.replace(/\/+$/, "") + path);
  return url !== null && ["http:", "https:"].includes(url.protocol) ? url : undefined;
}
