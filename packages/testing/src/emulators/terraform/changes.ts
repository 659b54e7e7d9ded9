import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import * as z from "zod";
import type { Configuration, Resource } from "./configuration.js";
import type { State } from "./state-file.js";

export type Actions = readonly ("no-op" | "create" | "update" | "delete")[];

const resourceSchema = z.object({
  address: z.string(),
  input: z.json(),
  triggers: z.json(),
  command: z.string().optional(),
  sensitive: z.boolean(),
});

const planSchema = z.object({
  madeAt: z.string(),
  serial: z.number(),
  lineage: z.string(),
  changes: z.array(
    z.object({ actions: z.array(z.enum(["no-op", "create", "update", "delete"])), resource: resourceSchema, before: z.json() }),
  ),
  outputs: z.record(z.string(), z.object({ value: z.json(), sensitive: z.boolean(), changes: z.boolean() })),
});

/** A plan as its file holds it: bound to one version of one state. */
export type SavedPlan = z.output<typeof planSchema>;

export function planChanges({ resources, outputs }: Configuration, state: State | undefined): SavedPlan {
  const existing = new Map((state?.resources ?? []).map((one) => [`terraform_data.${one.name}`, one.instances[0]]));
  const wanted = resources.map((resource) => {
    const instance = existing.get(resource.address);
    return {
      actions: [...actionsFor(resource, instance)],
      resource: withoutUndefined(resource),
      before: instance?.attributes.input ?? null,
    };
  });
  const gone = [...existing].filter(([address]) => !resources.some((one) => one.address === address));
  const removed = gone.map(([address, instance]) => ({
    actions: ["delete" as const],
    resource: { address, input: null, triggers: null, sensitive: false },
    before: instance?.attributes.input ?? null,
  }));
  return {
    madeAt: new Date().toISOString(),
    serial: state?.serial ?? 0,
    lineage: state?.lineage ?? "",
    changes: [...removed, ...wanted],
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { value, sensitive }]) => [
        name,
        { value, sensitive, changes: !isDeepStrictEqual(state?.outputs[name]?.value, value) },
      ]),
    ),
  };
}

export function hasChanges({ changes, outputs }: SavedPlan): boolean {
  return changes.some(({ actions }) => !actions.includes("no-op")) || Object.values(outputs).some((one) => one.changes);
}

export function writePlan(plan: SavedPlan): Buffer {
  return gzipSync(JSON.stringify(plan));
}

export function readPlan(bytes: Buffer): SavedPlan {
  return planSchema.parse(JSON.parse(gunzipSync(bytes).toString()));
}

/** The answer of `show -json`, in Terraform's format 1.2. */
export function shownPlan({ changes, outputs }: SavedPlan): object {
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: changes.map(({ actions, resource, before }) => ({
      address: resource.address,
      mode: "managed",
      type: "terraform_data",
      name: resource.address.replace("terraform_data.", ""),
      provider_name: "terraform.io/builtin/terraform",
      change: {
        actions,
        before: before === null ? null : { input: before },
        after: actions.at(-1) === "delete" ? null : { input: resource.input },
      },
    })),
    output_changes: Object.fromEntries(
      Object.entries(outputs).map(([name, { value, sensitive, changes: differs }]) => [
        name,
        { actions: [differs ? "update" : "no-op"], after: value, after_sensitive: sensitive },
      ]),
    ),
  };
}

function actionsFor(resource: Resource, instance: State["resources"][number]["instances"][number] | undefined): Actions {
  if (instance === undefined) return ["create"];
  if (instance.status === "tainted" || !isDeepStrictEqual(instance.attributes.triggers_replace, resource.triggers))
    return ["delete", "create"];
  return isDeepStrictEqual(instance.attributes.input, resource.input) ? ["no-op"] : ["update"];
}

function withoutUndefined({ command, ...resource }: Resource): SavedPlan["changes"][number]["resource"] {
  return { ...resource, ...(command === undefined ? {} : { command }) };
}
