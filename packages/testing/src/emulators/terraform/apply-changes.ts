import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { SavedPlan } from "./changes.js";
import { refuse } from "./refusal.js";
import { readState, writeState, type State } from "./state-file.js";

type Change = SavedPlan["changes"][number];
type StateResource = State["resources"][number];
/** What came of one resource. `broken`: it is there, and what was to be done when it was made did not work. */
type Made = { readonly resource: StateResource | undefined; readonly broken: boolean };

/** Does what a plan says, one resource after the other, and writes the state at the end, or where it is interrupted or fails. */
export async function applyChanges(plan: SavedPlan, path: string, interrupted: AbortSignal): Promise<void> {
  const state = readState(path);
  requireFresh(plan, state);
  const resources = new Map((state?.resources ?? []).map((one) => [`terraform_data.${one.name}`, one]));
  const save = (outputs: State["outputs"]): void => {
    const lineage = state?.lineage ?? randomUUID();
    writeState(path, {
      version: 4,
      terraform_version: "1.11.4",
      serial: plan.serial + 1,
      lineage,
      outputs,
      resources: [...resources.values()],
    });
  };
  for (const change of plan.changes) {
    const { address } = change.resource;
    if (change.actions.includes("no-op")) continue;
    const made = interrupted.aborted ? undefined : await make(change, resources.get(address), interrupted);
    if (made !== undefined) {
      if (made.resource === undefined) resources.delete(address);
      else resources.set(address, made.resource);
    }
    if (made === undefined || made.broken || isAborted(interrupted)) {
      save(state?.outputs ?? {});
      refuse(isAborted(interrupted) ? "execution halted" : `local-exec provisioner error\n\nwith ${address}, the command failed.`);
    }
  }
  save(outputsOf(plan));
}

function requireFresh(plan: SavedPlan, state: State | undefined): void {
  if ((state?.serial ?? 0) === plan.serial && (state?.lineage ?? "") === plan.lineage) return;
  refuse(
    "Saved plan is stale\n\nThe given plan file can no longer be applied because the state was changed by another operation after the plan was created.",
  );
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function outputsOf({ outputs }: SavedPlan): State["outputs"] {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { value, sensitive }]) => [
      name,
      { value, type: typeof value, ...(sensitive ? { sensitive } : {}) },
    ]),
  );
}

async function make({ actions, resource }: Change, existing: StateResource | undefined, interrupted: AbortSignal): Promise<Made> {
  const { address, command, input, triggers } = resource;
  if (actions.includes("delete")) console.log(`${address}: Destruction complete after 0s`);
  if (actions.at(-1) === "delete") return { resource: undefined, broken: false };
  const isNew = actions.includes("create");
  console.log(`${address}: ${isNew ? "Creating..." : "Modifying..."}`);
  const whole = !isNew || command === undefined || (await provision(address, command, interrupted));
  const id = isNew ? randomUUID() : (existing?.instances[0]?.attributes.id ?? randomUUID());
  if (whole) console.log(`${address}: ${isNew ? "Creation" : "Modifications"} complete after 0s [id=${id}]`);
  return { resource: stateResource(address, whole, { id, input, output: input, triggers_replace: triggers }), broken: !whole };
}

function stateResource(address: string, whole: boolean, attributes: StateResource["instances"][number]["attributes"]): StateResource {
  return {
    mode: "managed",
    type: "terraform_data",
    name: address.replace("terraform_data.", ""),
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [{ ...(whole ? {} : { status: "tainted" }), schema_version: 0, attributes }],
  };
}

/** Runs what a resource wants done when it is made; whether it went well. */
async function provision(address: string, command: string, interrupted: AbortSignal): Promise<boolean> {
  console.log(`${address}: Provisioning with 'local-exec'...`);
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "inherit", "inherit"] });
  const end = (): void => void child.kill("SIGTERM");
  interrupted.addEventListener("abort", end);
  await once(child, "exit");
  interrupted.removeEventListener("abort", end);
  return child.exitCode === 0;
}
