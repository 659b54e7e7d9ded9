import { fail } from "@fairlead/core";
import pMap from "p-map";
import type { VercelClient } from "../api/vercel-client.js";
import { vercelErrors } from "../vercel-errors.js";
import type { DeployedFile } from "./file-set.js";

/** More bursts run into the limit of requests. */
const uploadedAtOnce = 10;

/** What every upload may take, and what each megabyte adds, in milliseconds. */
const leastTime = 15_000;
const timePerMegabyte = 4_000;

/** Uploads what Vercel does not have yet. A file that fails for now is tried again alone; the first that fails for good ends it. */
export async function uploadFiles(
  client: VercelClient,
  { files, missing }: { readonly files: readonly DeployedFile[]; readonly missing: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const first = new AbortController();
  const stop = AbortSignal.any([signal, first.signal]);
  const bySha = new Map(files.map((file) => [file.sha, file]));
  const upload = async (sha: string): Promise<void> => {
    const file = bySha.get(sha);
    if (file === undefined) {
      const problem = "it asks for a file that is not part of the deployment";
      throw fail(vercelErrors, "VERCEL_ANSWER_UNREADABLE", { operation: "create a deployment", problem });
    }
    const timeout = leastTime + (file.size / 1e6) * timePerMegabyte;
    await client.upload({ sha, content: await file.open(), timeout }, stop);
  };
  try {
    await pMap([...new Set(missing)], upload, { concurrency: uploadedAtOnce, signal });
  } finally {
    // What is still under way when one has failed is of no use.
    first.abort();
  }
}
