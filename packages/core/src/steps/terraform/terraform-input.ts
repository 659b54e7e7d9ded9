import * as z from "zod";
import type { JsonObject } from "../../json/json.js";
import { isSecret } from "../../secret/secret.js";
import { folderDigest } from "./folder-digest.js";
import type { TerraformSettings } from "./terraform-options.js";

const schema = z.object({
  folder: z.string(),
  digest: z.string(),
  workspace: z.string().optional(),
  variables: z.record(z.string(), z.json()),
  varFiles: z.array(z.string()),
  backend: z.record(z.string(), z.string()),
  allowDestroy: z.boolean(),
});

/** What the plan of the deployment pins: what is applied, and where. Secrets and how the program is run come from the configuration. */
export type TerraformInput = z.output<typeof schema>;

/** Reads the files of the folder anew, as a deployer lives longer than a plan. Throws `TERRAFORM_FOLDER_UNREADABLE`. */
export function terraformInput({ folder, workspace, variables, varFiles, backend, allowDestroy }: TerraformSettings): JsonObject {
  return {
    folder,
    digest: folderDigest(folder),
    ...(workspace === undefined ? {} : { workspace }),
    variables: z.record(z.string(), z.json()).parse(Object.fromEntries(Object.entries(variables).filter(([, value]) => !isSecret(value)))),
    varFiles: [...varFiles],
    backend,
    allowDestroy,
  };
}

/** Reads what a plan has pinned. */
export function readTerraformInput(input: JsonObject): TerraformInput {
  return schema.parse(input);
}

const state = z.object({ serial: z.number(), lineage: z.string() });

/** What a deployment journals of the plan that was made, and what its application is bound to. */
export const plannedChanges = z.object({
  file: z.string(),
  digest: z.string(),
  hasChanges: z.boolean(),
  add: z.number(),
  change: z.number(),
  destroy: z.number(),
  resources: z.array(z.object({ address: z.string(), action: z.enum(["create", "update", "replace", "delete", "forget"]) })),
  outputs: z.array(z.string()),
  /** For people who are to agree to it. */
  summary: z.array(z.string()).default([]),
  state,
});

export type PlannedChanges = z.output<typeof plannedChanges>;

/** Which version of which state: nothing of what stands in it. */
export type StateVersion = z.output<typeof state>;

/** A version of a state for people. */
export function stateText({ serial, lineage }: StateVersion): string {
  return lineage === "" ? "nothing" : `serial ${String(serial)} of ${lineage}`;
}
