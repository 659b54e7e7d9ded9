import type { AlterTableCmd, Node } from "libpg-query";
import type { LockMode } from "./lock-mode.js";

type Subtype = NonNullable<AlterTableCmd["subtype"]>;

/** Commands that need less than to be alone with the table. */
const modes: Readonly<Partial<Record<Subtype, LockMode>>> = {
  AT_SetStatistics: "ShareUpdateExclusive",
  AT_ClusterOn: "ShareUpdateExclusive",
  AT_DropCluster: "ShareUpdateExclusive",
  AT_SetOptions: "ShareUpdateExclusive",
  AT_ResetOptions: "ShareUpdateExclusive",
  AT_ValidateConstraint: "ShareUpdateExclusive",
  AT_AttachPartition: "ShareUpdateExclusive",
  AT_DetachPartitionFinalize: "ShareUpdateExclusive",
  AT_EnableTrig: "ShareRowExclusive",
  AT_EnableTrigAll: "ShareRowExclusive",
  AT_EnableTrigUser: "ShareRowExclusive",
  AT_EnableAlwaysTrig: "ShareRowExclusive",
  AT_EnableReplicaTrig: "ShareRowExclusive",
  AT_DisableTrig: "ShareRowExclusive",
  AT_DisableTrigAll: "ShareRowExclusive",
  AT_DisableTrigUser: "ShareRowExclusive",
};

/** Storage parameters that readers look at while they read. */
const readWhileReading = ["user_catalog_table", "security_barrier", "security_invoker", "check_option"];

/** The lock that one command of `alter table` takes on the table that it names. */
export function lockOfCommand({ subtype, def }: AlterTableCmd): LockMode {
  if (subtype === undefined) return "AccessExclusive";
  if (subtype === "AT_AddConstraint" && def !== undefined && "Constraint" in def && def.Constraint.contype === "CONSTR_FOREIGN")
    return "ShareRowExclusive";
  if (subtype === "AT_DetachPartition") return isConcurrent(def) ? "ShareUpdateExclusive" : "AccessExclusive";
  if (subtype === "AT_SetRelOptions" || subtype === "AT_ResetRelOptions")
    return optionsOf(def).some((name) => readWhileReading.includes(name)) ? "AccessExclusive" : "ShareUpdateExclusive";
  return modes[subtype] ?? "AccessExclusive";
}

function isConcurrent(def: Node | undefined): boolean {
  return def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
}

function optionsOf(def: Node | undefined): readonly string[] {
  if (def === undefined || !("List" in def)) return [];
  return (def.List.items ?? []).flatMap((one) => ("DefElem" in one ? [one.DefElem.defname ?? ""] : []));
}
