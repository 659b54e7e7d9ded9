import type { Route } from "./route.js";

/** The routes of one path, by method. */
interface Place {
  /** As OpenAPI writes it, from the very root on. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly methods: Map<string, Route>;
  readonly shapes: Route["shapes"];
}

/** A path that is there. */
export interface Match {
  readonly methods: ReadonlyMap<string, Route>;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds routes by path. */
export interface RouteTable {
  /** As OpenAPI writes them. */
  readonly paths: readonly string[];
  /** `path` as `pathOf` answers it. */
  match(path: string): Match | undefined;
}

const noParameters: Match["parameters"] = Object.freeze({});

/** `base` without a slash at its end. */
export function createRouteTable(routes: readonly Route[], base: string): RouteTable {
  const places = new Map<string, Place>();
  for (const route of routes) {
    const path = pathOfRoute(route, base);
    const place = places.get(path) ?? { path, segments: path.split("/"), methods: new Map<string, Route>(), shapes: route.shapes };
    place.methods.set(route.method, route);
    places.set(path, place);
  }
  const patterns = [...places.values()].filter(({ path }) => path.includes("{"));
  return {
    paths: [...places.keys()],
    match(path) {
      const exact = places.get(path);
      if (exact !== undefined && !path.includes("{")) return { methods: exact.methods, parameters: noParameters };
      const segments = path.split("/");
      for (const { segments: pattern, methods, shapes } of patterns) {
        const parameters = parametersOf(pattern, segments);
        if (parameters !== undefined && fits(parameters, shapes)) return { methods, parameters };
      }
      return undefined;
    },
  };
}

/** Where a route answers, from the very root on. */
function pathOfRoute({ path, place = "api" }: Route, base: string): string {
  return place === "api" ? `${base}${path}` : path;
}

function parametersOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const found: [string, string][] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{")) {
      const value = decoded(segment);
      if (value === undefined || value === "") return undefined;
      found.push([part.slice(1, -1), value]);
    } else if (part !== segment) return undefined;
  }
  return Object.fromEntries(found);
}

function fits(parameters: Readonly<Record<string, string>>, shapes: Route["shapes"] = {}): boolean {
  return Object.entries(shapes).every(([name, shape]) => shape.test(parameters[name] ?? ""));
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
