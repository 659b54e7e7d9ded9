import type { VercelDeployment } from "./api/deployment.js";

/** What has become of a deployment: everything that Vercel calls otherwise is still on its way. */
export type Standing = { readonly status: "building" | "ready" } | { readonly status: "failed"; readonly problem: string };

const ends: Readonly<Record<string, string>> = {
  ERROR: "the build failed",
  CANCELED: "it was canceled",
  BLOCKED: "Vercel blocked it",
  DELETED: "it was deleted",
};

export function standingOf({ state, checks, problem }: VercelDeployment): Standing {
  const end = ends[state];
  if (end !== undefined) return { status: "failed", problem: problem ?? end };
  if (state !== "READY") return { status: "building" };
  if (checks === "failed") return { status: "failed", problem: "a check of an integration failed" };
  return { status: checks === "running" ? "building" : "ready" };
}
