import type { Node } from "libpg-query";
import { needsDown, recipes, type Break } from "./break.js";

/** Kinds of statements that other rules judge, or that take nothing away from code. Of any other kind nobody has said that the code before survives it. */
const judged: ReadonlySet<string> = new Set(
  `
  AlterDatabaseSetStmt AlterDomainStmt AlterEnumStmt AlterFunctionStmt AlterObjectSchemaStmt AlterOwnerStmt AlterPolicyStmt AlterRoleSetStmt AlterRoleStmt
  AlterSeqStmt AlterSystemStmt AlterTableStmt CreateFunctionStmt CreatePolicyStmt CreatePublicationStmt CreateTrigStmt DropOwnedStmt DropRoleStmt DropStmt
  DropdbStmt GrantRoleStmt GrantStmt RefreshMatViewStmt RenameStmt RuleStmt TruncateStmt ViewStmt AlterDefaultPrivilegesStmt
  CallStmt CopyStmt CreateTableAsStmt DeclareCursorStmt DeleteStmt ExecuteStmt ExplainStmt InsertStmt MergeStmt PrepareStmt SelectStmt UpdateStmt
  AlterStatsStmt CheckPointStmt ClosePortalStmt ClusterStmt CommentStmt CompositeTypeStmt ConstraintsSetStmt CreateDomainStmt CreateEnumStmt
  CreateExtensionStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt CreateRangeStmt CreateRoleStmt CreateSchemaStmt CreateSeqStmt
  CreateStatsStmt CreateStmt CreateTableSpaceStmt CreateUserMappingStmt CreatedbStmt DeallocateStmt DefineStmt DiscardStmt FetchStmt
  ImportForeignSchemaStmt IndexStmt ListenStmt LockStmt NotifyStmt ReindexStmt TransactionStmt UnlistenStmt VacuumStmt VariableSetStmt
  VariableShowStmt
  `
    .trim()
    .split(/\s+/),
);

/** What is said of a statement of a kind that no rule knows. */
export function breaksByUnknown(node: Node): readonly Break[] {
  const unknown = Object.keys(node).filter((kind) => !judged.has(kind));
  return unknown.map((kind) => needsDown(`does what is not known to be harmless (${kind.replace(/Stmt$/, "")})`, recipes.look));
}
