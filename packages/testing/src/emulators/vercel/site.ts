import { createHash } from "node:crypto";
import type { ProviderAnswer, ProviderCall } from "../shared/provider.js";
import type { Deployment, VercelState } from "./state.js";
import type { VercelSettings } from "./vercel-settings.js";

/** One answer of a hosted site. */
export interface ServedRecord {
  readonly at: number;
  readonly host: string;
  readonly path: string;
  /** What answered; `null` where no deployment did. */
  readonly deploymentId: string | null;
  /** Whether the host is a production domain. */
  readonly production: boolean;
  readonly status: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** The deployment that a host shows, if the host is known at all. */
export function deploymentOfHost(
  state: VercelState,
  host: string,
): { readonly deployment: Deployment | undefined; readonly immutable: boolean } | undefined {
  const own = [...state.deployments.values()].find((one) => one.host === host);
  if (own !== undefined) return { deployment: own, immutable: true };
  const alias = state.aliases.get(host);
  if (alias !== undefined) return { deployment: state.deployments.get(alias.deploymentId), immutable: false };
  const known = [...state.projects.values()].some(({ domains }) => domains.includes(host));
  return known ? { deployment: undefined, immutable: false } : undefined;
}

/** A request to a hosted site. */
export interface SiteScene {
  readonly state: VercelState;
  readonly settings: VercelSettings;
  readonly call: ProviderCall;
  readonly host: string;
}

/** Answers a request to a hosted site as Vercel's edge does. */
export function serveSite(scene: SiteScene, now: number): { readonly answer: ProviderAnswer; readonly served: ServedRecord } {
  const { state, call, host } = scene;
  const found = deploymentOfHost(state, host);
  const answer = answerSite(scene, found);
  const body =
    typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body instanceof Uint8Array ? answer.body : new Uint8Array();
  const requestId = `iad1::${createHash("sha1")
    .update(`${host}${call.path}${String(now)}`)
    .digest("hex")
    .slice(0, 22)}`;
  return {
    answer: {
      ...answer,
      headers: { server: "Vercel", "x-vercel-id": requestId, "cache-control": "public, max-age=0, must-revalidate", ...answer.headers },
    },
    served: {
      at: now,
      host,
      path: call.path,
      deploymentId: found?.deployment?.id ?? null,
      production: found !== undefined && !found.immutable && [...state.projects.values()].some(({ domains }) => domains.includes(host)),
      status: answer.status,
      bytes: body.byteLength,
      sha256: createHash("sha256").update(body).digest("hex"),
    },
  };
}

function answerSite({ state, settings, call, host }: SiteScene, found: ReturnType<typeof deploymentOfHost>): ProviderAnswer {
  const deployment = found?.deployment;
  if (deployment === undefined) return edgeError(404, "DEPLOYMENT_NOT_FOUND", "The deployment could not be found on Vercel.");
  if (deployment.deleted) return edgeError(410, "DEPLOYMENT_DELETED", "This deployment has been deleted.");
  if (found?.immutable === true && settings.protection !== "none" && !bypasses(settings, call))
    return protectedAnswer(settings, host, call);
  switch (deployment.state) {
    case "QUEUED":
    case "BUILDING":
      return edgeError(303, "DEPLOYMENT_NOT_READY_REDIRECTING", "The deployment is not ready.", {
        location: `https://vercel.com/deployments/${host}`,
      });
    case "BLOCKED":
      return edgeError(403, "DEPLOYMENT_BLOCKED", "This deployment has been blocked.");
    case "ERROR":
    case "CANCELED":
      return edgeError(404, "DEPLOYMENT_NOT_FOUND", "The deployment could not be found on Vercel.");
    case "READY":
      return serveFile(state, deployment, call);
  }
}

function bypasses({ bypassSecret }: VercelSettings, { headers, query }: ProviderCall): boolean {
  const given = headers["x-vercel-protection-bypass"] ?? query.get("x-vercel-protection-bypass");
  return bypassSecret !== "" && given === bypassSecret;
}

function protectedAnswer({ protection }: VercelSettings, host: string, call: ProviderCall): ProviderAnswer {
  const headers = { "content-type": "text/html; charset=utf-8", "x-robots-tag": "noindex" };
  if (protection === "password") return { status: 401, headers, body: "<!doctype html><title>Authentication Required</title>" };
  const location = `https://vercel.com/sso-api?url=${encodeURIComponent(`https://${host}${call.path}`)}&nonce=emulated`;
  return { status: 302, headers: { ...headers, location }, body: "Redirecting..." };
}

function edgeError(status: number, code: string, message: string, more: Readonly<Record<string, string>> = {}): ProviderAnswer {
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-vercel-error": code, ...more },
    body: `${message}\n\n${code}\n`,
  };
}

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  htm: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "application/javascript; charset=utf-8",
  mjs: "application/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  ico: "image/vnd.microsoft.icon",
  webp: "image/webp",
  xml: "application/xml",
  wasm: "application/wasm",
};

function serveFile(state: VercelState, deployment: Deployment, call: ProviderCall): ProviderAnswer {
  if (call.method !== "GET" && call.method !== "HEAD") return edgeError(405, "INVALID_REQUEST_METHOD", "The method is not allowed.");
  const root = siteRoot(deployment);
  const asked = decodeURIComponent(call.path).replace(/^\/+/, "");
  const path = [asked, `${asked.replace(/\/$/, "")}/index.html`.replace(/^\//, "")].find(
    (one) => one !== "" && deployment.files.has(root + one) && !hidden.has(one),
  );
  if (path !== undefined) return { status: 200, ...fileContent(state, deployment, root + path) };
  if (deployment.files.has(`${root}404.html`)) return { status: 404, ...fileContent(state, deployment, `${root}404.html`) };
  return edgeError(404, "NOT_FOUND", "The page could not be found", { "x-vercel-deployment-url": deployment.host });
}

/** Read by the platform, never served. */
const hidden = new Set(["vercel.json", "package.json", "package-lock.json"]);

/** Where the site begins: a prebuilt output, the project's output directory, `public`, or the upload as it is. */
function siteRoot({ files, outputDirectory }: Deployment): string {
  const roots = [
    ".vercel/output/static/",
    ...(outputDirectory === undefined ? [] : [`${outputDirectory.replace(/^\.?\/|\/$/g, "")}/`]),
    "public/",
  ];
  const paths = [...files.keys()];
  return roots.find((root) => paths.some((path) => path.startsWith(root))) ?? "";
}

function fileContent(state: VercelState, deployment: Deployment, path: string): Pick<ProviderAnswer, "headers" | "body"> {
  const digest = deployment.files.get(path) ?? "";
  const type = contentTypes[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  const headers = { "content-type": type, etag: `"${digest}"`, "x-vercel-cache": "HIT", "x-vercel-deployment-url": deployment.host };
  return { headers, body: state.files.get(digest) ?? new Uint8Array() };
}
