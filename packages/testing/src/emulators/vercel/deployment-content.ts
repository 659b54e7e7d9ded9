import { createHash } from "node:crypto";
import type { JsonObject } from "@fairlead/core";
import * as z from "zod";
import type { ProviderAnswer } from "../shared/provider.js";
import { apiError } from "./route.js";
import type { VercelState } from "./state.js";

const filesSchema = z
  .array(
    z.union([
      z.object({
        file: z.string().min(1),
        sha: z.string().regex(/^[0-9a-f]{40}$/),
        size: z.number().optional(),
        mode: z.number().optional(),
      }),
      z.object({ file: z.string().min(1), data: z.string(), encoding: z.enum(["base64", "utf-8"]).optional() }),
    ]),
  )
  .max(15_000, "`files` should NOT have more than 15000 items");

/** The files of a deployment that is to be created, or why it cannot be. Inline files are stored at once. */
export function readContent(
  state: VercelState,
  body: JsonObject,
): { readonly files: ReadonlyMap<string, string> } | { readonly refused: ProviderAnswer } {
  const parsed = filesSchema.safeParse(body["files"]);
  if (!parsed.success) return { refused: apiError(400, "bad_request", `Invalid request: ${parsed.error.issues[0]?.message ?? "files"}`) };
  if (parsed.data.length === 0) return { refused: apiError(400, "no_files", "No files in the deployment") };
  const files = new Map<string, string>();
  const missing = new Set<string>();
  for (const file of parsed.data) {
    const digest = "sha" in file ? file.sha : storeFile(state, Buffer.from(file.data, file.encoding === "base64" ? "base64" : "utf8"));
    if (!state.files.has(digest)) missing.add(digest);
    files.set(file.file, digest);
  }
  if (missing.size > 0) return { refused: apiError(400, "missing_files", "Missing files", { missing: [...missing] }) };
  return { files };
}

/** Keeps a file under its sha1 and returns that. */
export function storeFile(state: VercelState, content: Uint8Array): string {
  const digest = createHash("sha1").update(content).digest("hex");
  state.files.set(digest, content);
  return digest;
}
