import * as z from "zod";
import type { JsonObject } from "../../json/json.js";

const action = z.enum(["no-op", "create", "read", "update", "delete", "forget"]);

/** What of `show -json` is read; anything else may be there. */
const shown = z.object({
  format_version: z.string().regex(/^1\./, "an unknown format"),
  resource_changes: z.array(z.object({ address: z.string(), change: z.object({ actions: z.array(action) }) })).default([]),
  output_changes: z.record(z.string(), z.object({ actions: z.array(action) })).default({}),
});

export type ResourceAction = "create" | "update" | "replace" | "delete" | "forget";

/** What a plan will do, without any value. */
export interface PlanSummary extends JsonObject {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  readonly resources: readonly { readonly address: string; readonly action: ResourceAction }[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
}

/** Reads the answer of `show -json` for a plan. Throws zod's error for anything else. */
export function summarizePlan(text: string): PlanSummary {
  const { resource_changes, output_changes } = shown.parse(JSON.parse(text));
  const resources = resource_changes.flatMap(({ address, change }) => {
    const what = actionOf(change.actions);
    return what === undefined ? [] : [{ address, action: what }];
  });
  const count = (...actions: readonly ResourceAction[]): number => resources.filter((one) => actions.includes(one.action)).length;
  return {
    add: count("create", "replace"),
    change: count("update"),
    destroy: count("delete", "replace"),
    resources,
    outputs: Object.entries(output_changes)
      .filter(([, { actions }]) => !actions.includes("no-op"))
      .map(([name]) => name),
  };
}

/** Addresses of what a plan destroys, for good or to make it anew. */
export function destroyedBy({ resources }: PlanSummary): readonly string[] {
  return resources.filter((one) => one.action === "delete" || one.action === "replace").map(({ address }) => address);
}

/** A plan in lines for people. */
export function planLines(summary: PlanSummary): readonly string[] {
  const marks = { create: "+", update: "~", replace: "-/+", delete: "-", forget: "." } as const;
  const { add, change, destroy, resources, outputs } = summary;
  return [
    `${String(add)} to add, ${String(change)} to change, ${String(destroy)} to destroy`,
    ...resources.map((one) => `${marks[one.action]} ${one.address}`),
    ...(outputs.length === 0 ? [] : [`outputs that change: ${outputs.join(", ")}`]),
  ];
}

function actionOf(actions: readonly z.output<typeof action>[]): ResourceAction | undefined {
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "delete";
  return (["create", "update", "forget"] as const).find((one) => actions.includes(one));
}
