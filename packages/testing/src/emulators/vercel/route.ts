import type { JsonObject } from "@fairlead/core";
import { jsonAnswer, type ProviderAnswer, type ProviderCall, type RecordEffect } from "../shared/provider.js";
import type { DocumentScene } from "./documents.js";

/** What a route of the emulated API works with. */
export interface RouteScene extends DocumentScene {
  readonly call: ProviderCall;
  readonly now: () => number;
  /** The decoded parts of the path that the pattern names. */
  readonly params: Readonly<Record<string, string>>;
  /** The JSON body; empty where there is none. */
  readonly body: JsonObject;
  readonly effect: RecordEffect;
  /** Lets everything happen that is due by now. */
  readonly settle: () => void;
}

/** One operation of the API. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Without the version: `/projects/:project`. */
  readonly path: string;
  /** The versions that answer; 0 stands for none in the path. */
  readonly versions: readonly number[];
  readonly act: (scene: RouteScene) => ProviderAnswer;
}

/** An error as the API words it. */
export function apiError(status: number, code: string, message: string, more: JsonObject = {}): ProviderAnswer {
  return jsonAnswer(status, { error: { code, message, ...more } });
}

export function notFound(what: string): ProviderAnswer {
  return apiError(404, "not_found", `${what} not found`);
}

/** The route of a request and its parameters. `/now` after the version means nothing. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined {
  const version = /^\/v(\d+)(?=\/)/.exec(path);
  const segments = path
    .slice(version?.[0].length ?? 0)
    .split("/")
    .filter((segment) => segment !== "");
  if (segments[0] === "now") segments.shift();
  for (const route of routes) {
    if (route.method !== method || !route.versions.includes(Number(version?.[1] ?? 0))) continue;
    const params = matchSegments(route.path.split("/").slice(1), segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return params;
}

/** A page of a list, newest first, as the API cuts it. */
export function toPage<T extends { readonly createdAt: number }>(
  items: readonly T[],
  query: URLSearchParams,
): { readonly page: readonly T[]; readonly pagination: JsonObject } {
  const limit = Math.min(Number(query.get("limit") ?? "20"), 100);
  const until = Number(query.get("until") ?? "Infinity");
  const since = Number(query.get("since") ?? "0");
  const newestFirst = items.toReversed().filter(({ createdAt }) => createdAt < until && createdAt >= since);
  const page = newestFirst.slice(0, limit);
  const more = newestFirst.length > page.length;
  return {
    page,
    pagination: { count: page.length, next: more ? (page.at(-1)?.createdAt ?? null) : null, prev: page[0]?.createdAt ?? null },
  };
}
