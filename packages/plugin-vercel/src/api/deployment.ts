import * as z from "zod";

/** What the plugin knows of a deployment. */
export interface VercelDeployment {
  readonly id: string;
  /** Its immutable host name. */
  readonly host: string;
  readonly projectId: string | undefined;
  /** As the API words it; new words may come. */
  readonly state: string;
  /** Whether it ever served production: `STAGED`, `PROMOTED`, … */
  readonly substate: string | undefined;
  readonly production: boolean;
  readonly meta: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Checks of integrations on it. */
  readonly checks: "none" | "running" | "passed" | "failed";
  /** Why it did not become ready. */
  readonly problem: string | undefined;
  /** The page about it in Vercel's dashboard. */
  readonly inspector: string | undefined;
}

// Only what is used is looked at, and loosely: a provider that adds a word must not fail a deployment that has gone well.
const schema = z.looseObject({
  id: z.string().optional(),
  uid: z.string().optional(),
  url: z.string(),
  projectId: z.string().nullish(),
  readyState: z.string().optional(),
  state: z.string().optional(),
  readySubstate: z.string().nullish(),
  target: z.string().nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
  createdAt: z.number().optional(),
  created: z.number().optional(),
  checksState: z.string().nullish(),
  checksConclusion: z.string().nullish(),
  checks: z
    .record(z.string(), z.looseObject({ state: z.string().optional() }).nullish())
    .nullish()
    .catch(undefined),
  errorCode: z.string().nullish(),
  errorMessage: z.string().nullish(),
  inspectorUrl: z.string().nullish(),
});

/** Reads a deployment from an answer, or from a list, which names some members otherwise; `undefined` where it is none. */
export function readDeployment(json: unknown): VercelDeployment | undefined {
  const { data } = schema.safeParse(json);
  const id = data?.id ?? data?.uid;
  if (data === undefined || id === undefined) return undefined;
  return {
    id,
    host: data.url.replace(/^https?:\/\//, ""),
    projectId: data.projectId ?? undefined,
    state: data.readyState ?? data.state ?? "UNKNOWN",
    substate: data.readySubstate ?? undefined,
    production: data.target === "production",
    meta: textsOf(data.meta),
    createdAt: data.createdAt ?? data.created ?? 0,
    checks: checksOf(data),
    problem: problemOf(data),
    inspector: data.inspectorUrl ?? undefined,
  };
}

function problemOf({ errorMessage, errorCode }: z.infer<typeof schema>): string | undefined {
  return errorMessage ?? errorCode ?? undefined;
}

function textsOf(values: Readonly<Record<string, unknown>> | null | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Both generations of checks: one with a state and a conclusion, one by what it holds up. */
function checksOf({ checksState, checksConclusion, checks }: z.infer<typeof schema>): VercelDeployment["checks"] {
  const aliasing = checks?.["deployment-alias"]?.state;
  if (checksConclusion === "failed" || checksConclusion === "canceled" || aliasing === "failed") return "failed";
  if (checksState === "registered" || checksState === "running" || aliasing === "pending") return "running";
  return checksState === "completed" || aliasing === "succeeded" ? "passed" : "none";
}
