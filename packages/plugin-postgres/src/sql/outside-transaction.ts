import type { DefElem, Node, RangeVar } from "libpg-query";

/** A relation or an index, as a statement names it. */
export interface RelationName {
  readonly schema: string | undefined;
  readonly name: string;
}

/**
 * What is to be known of a statement that cannot run in a transaction, so that it can be found out whether it has taken effect. `repeatable`: doing it twice is as good as once. `unknown`: only a person can
 * say.
 */
export type OutsideEffect =
  | { readonly kind: "create-index"; readonly table: RelationName; readonly index: string | undefined }
  | { readonly kind: "drop-index"; readonly indexes: readonly RelationName[] }
  | { readonly kind: "reindex" }
  | { readonly kind: "detach-partition"; readonly table: RelationName; readonly partition: RelationName }
  | { readonly kind: "create" | "drop"; readonly what: ServerObject; readonly name: string }
  | { readonly kind: "repeatable" | "unknown" };

export type ServerObject = "database" | "tablespace" | "subscription";

export interface OutsideStatement {
  /** Its words, e.g. `CREATE INDEX CONCURRENTLY`. */
  readonly words: string;
  readonly effect: OutsideEffect;
  /** Whether giving it up in the middle leaves something behind: then it waits for its locks as long as it has to. */
  readonly leavesRemains: boolean;
}

/** What a statement is that PostgreSQL refuses to run in a transaction; nothing of one that may. */
export function outsideTransaction(node: Node): OutsideStatement | undefined {
  for (const rule of rules) {
    const found = rule(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

const repeatable = (words: string): OutsideStatement => ({ words, effect: { kind: "repeatable" }, leavesRemains: false });

const ofServer = (kind: "create" | "drop", what: ServerObject, name = ""): OutsideStatement => ({
  words: `${kind} ${what}`.toUpperCase(),
  effect: { kind, what, name },
  leavesRemains: false,
});

const rules: readonly ((node: Node) => OutsideStatement | undefined)[] = [
  (node) => {
    if (!("IndexStmt" in node) || node.IndexStmt.concurrent !== true) return undefined;
    const { relation, idxname: index } = node.IndexStmt;
    return { words: "CREATE INDEX CONCURRENTLY", effect: { kind: "create-index", table: toName(relation), index }, leavesRemains: true };
  },
  (node) => {
    if (!("DropStmt" in node) || node.DropStmt.concurrent !== true) return undefined;
    const indexes = (node.DropStmt.objects ?? []).map(nameInList);
    return { words: "DROP INDEX CONCURRENTLY", effect: { kind: "drop-index", indexes }, leavesRemains: true };
  },
  (node) => {
    if (!("ReindexStmt" in node)) return undefined;
    const { kind, params } = node.ReindexStmt;
    if (isOn("concurrently", params)) return { words: "REINDEX CONCURRENTLY", effect: { kind: "reindex" }, leavesRemains: true };
    return kind === "REINDEX_OBJECT_INDEX" || kind === "REINDEX_OBJECT_TABLE" ? undefined : repeatable("REINDEX");
  },
  (node) => {
    if (!("AlterTableStmt" in node)) return undefined;
    const { relation, cmds = [] } = node.AlterTableStmt;
    for (const command of cmds) {
      const def = "AlterTableCmd" in command ? command.AlterTableCmd.def : undefined;
      if (def === undefined || !("PartitionCmd" in def) || def.PartitionCmd.concurrent !== true) continue;
      const effect = { kind: "detach-partition", table: toName(relation), partition: toName(def.PartitionCmd.name) } as const;
      return { words: "DETACH PARTITION CONCURRENTLY", effect, leavesRemains: true };
    }
    return undefined;
  },
  (node) => ("VacuumStmt" in node && node.VacuumStmt.is_vacuumcmd === true ? repeatable("VACUUM") : undefined),
  (node) => ("ClusterStmt" in node && node.ClusterStmt.relation === undefined ? repeatable("CLUSTER") : undefined),
  (node) => ("AlterSystemStmt" in node ? repeatable("ALTER SYSTEM") : undefined),
  (node) => ("DiscardStmt" in node && node.DiscardStmt.target === "DISCARD_ALL" ? repeatable("DISCARD ALL") : undefined),
  (node) => ("CreatedbStmt" in node ? ofServer("create", "database", node.CreatedbStmt.dbname) : undefined),
  (node) => ("DropdbStmt" in node ? ofServer("drop", "database", node.DropdbStmt.dbname) : undefined),
  (node) => ("CreateTableSpaceStmt" in node ? ofServer("create", "tablespace", node.CreateTableSpaceStmt.tablespacename) : undefined),
  (node) => ("DropTableSpaceStmt" in node ? ofServer("drop", "tablespace", node.DropTableSpaceStmt.tablespacename) : undefined),
  (node) => ("CreateSubscriptionStmt" in node ? ofServer("create", "subscription", node.CreateSubscriptionStmt.subname) : undefined),
  (node) => ("DropSubscriptionStmt" in node ? ofServer("drop", "subscription", node.DropSubscriptionStmt.subname) : undefined),
  (node) => ("AlterSubscriptionStmt" in node ? repeatable("ALTER SUBSCRIPTION") : undefined),
  (node) =>
    "AlterDatabaseStmt" in node &&
    (node.AlterDatabaseStmt.options ?? []).some((one) => "DefElem" in one && one.DefElem.defname === "tablespace")
      ? repeatable("ALTER DATABASE SET TABLESPACE")
      : undefined,
];

function toName(relation: RangeVar | undefined): RelationName {
  return { schema: relation?.schemaname, name: relation?.relname ?? "" };
}

function nameInList(node: Node): RelationName {
  const items = "List" in node ? (node.List.items ?? []) : [node];
  const names = items.map((item) => ("String" in item ? (item.String.sval ?? "") : ""));
  return { schema: names.at(-2), name: names.at(-1) ?? "" };
}

/** An option is on where it is written without a value. */
function isOn(name: string, options: readonly Node[] = []): boolean {
  return options.some((node) => "DefElem" in node && node.DefElem.defname === name && isTrue(node.DefElem));
}

function isTrue({ arg }: DefElem): boolean {
  if (arg === undefined) return true;
  if ("Boolean" in arg) return arg.Boolean.boolval === true;
  if ("Integer" in arg) return (arg.Integer.ival ?? 0) !== 0;
  return "String" in arg && /^(?:true|on|1)$/i.test(arg.String.sval ?? "");
}
