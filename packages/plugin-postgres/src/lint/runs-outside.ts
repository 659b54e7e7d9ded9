import type { Node } from "libpg-query";

/** Whether the server refuses a statement in a transaction. */
export function runsOutside(node: Node): boolean {
  if ("IndexStmt" in node) return node.IndexStmt.concurrent === true;
  if ("DropStmt" in node) return node.DropStmt.concurrent === true;
  if ("ReindexStmt" in node)
    return node.ReindexStmt.kind !== "REINDEX_OBJECT_INDEX" && node.ReindexStmt.kind !== "REINDEX_OBJECT_TABLE"
      ? true
      : (node.ReindexStmt.params ?? []).some((one) => "DefElem" in one && one.DefElem.defname === "concurrently");
  if ("AlterTableStmt" in node)
    return (node.AlterTableStmt.cmds ?? []).some(
      (one) =>
        "AlterTableCmd" in one &&
        one.AlterTableCmd.def !== undefined &&
        "PartitionCmd" in one.AlterTableCmd.def &&
        one.AlterTableCmd.def.PartitionCmd.concurrent === true,
    );
  return never.some((kind) => kind in node) || ("VacuumStmt" in node && node.VacuumStmt.is_vacuumcmd === true);
}

const never = ["CreatedbStmt", "DropdbStmt", "CreateTableSpaceStmt", "DropTableSpaceStmt", "AlterSystemStmt"];
