import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as z from "zod";

const attributes = z.object({ id: z.string(), input: z.json(), output: z.json(), triggers_replace: z.json() });

/** A state in Terraform's format, version 4, as far as `terraform_data` needs it. */
const stateSchema = z.object({
  version: z.literal(4),
  terraform_version: z.string(),
  serial: z.number(),
  lineage: z.string(),
  outputs: z.record(z.string(), z.object({ value: z.json(), type: z.json(), sensitive: z.boolean().optional() })),
  resources: z.array(
    z.object({
      mode: z.literal("managed"),
      type: z.literal("terraform_data"),
      name: z.string(),
      provider: z.string(),
      instances: z.array(z.object({ status: z.literal("tainted").optional(), schema_version: z.number(), attributes })),
    }),
  ),
});

export type State = z.output<typeof stateSchema>;

/** Where the state of the selected workspace is, as a local backend keeps it. */
export function statePath(folder: string, workspace: string, path = "terraform.tfstate"): string {
  return workspace === "default" ? resolve(folder, path) : join(folder, "terraform.tfstate.d", workspace, basename(path));
}

export function readState(path: string): State | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  return text === "" ? undefined : stateSchema.parse(JSON.parse(text));
}

/** Writes the next version, at once or not at all. */
export function writeState(path: string, state: State): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(state, null, 2));
  renameSync(`${path}.new`, path);
}
