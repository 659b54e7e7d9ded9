import { addingExclusionConstraint } from "./rules/adding-exclusion-constraint.js";
import { addingFieldWithDefault } from "./rules/adding-field-with-default.js";
import { addingForeignKeyConstraint } from "./rules/adding-foreign-key-constraint.js";
import { addingJsonColumn } from "./rules/adding-json-column.js";
import { addingNotNullableField } from "./rules/adding-not-nullable-field.js";
import { addingRequiredField } from "./rules/adding-required-field.js";
import { addingSerialPrimaryKeyField } from "./rules/adding-serial-primary-key-field.js";
import { banAlterDomainWithAddConstraint } from "./rules/ban-alter-domain-with-add-constraint.js";
import { banCharField } from "./rules/ban-char-field.js";
import { banConcurrentIndexCreationInTransaction } from "./rules/ban-concurrent-index-creation-in-transaction.js";
import { banCreateDomainWithConstraint } from "./rules/ban-create-domain-with-constraint.js";
import { banDropColumn } from "./rules/ban-drop-column.js";
import { banDropDatabase } from "./rules/ban-drop-database.js";
import { banDropNotNull } from "./rules/ban-drop-not-null.js";
import { banDropTable } from "./rules/ban-drop-table.js";
import { banDuplicateColumnAssignments } from "./rules/ban-duplicate-column-assignments.js";
import { banTruncateCascade } from "./rules/ban-truncate-cascade.js";
import { changingColumnType } from "./rules/changing-column-type.js";
import { constraintMissingNotValid } from "./rules/constraint-missing-not-valid.js";
import { dataWithSchemaChange } from "./rules/data-with-schema-change.js";
import { disallowedUniqueConstraint } from "./rules/disallowed-unique-constraint.js";
import { droppingADefault } from "./rules/dropping-a-default.js";
import { droppingAType } from "./rules/dropping-a-type.js";
import { droppingAView } from "./rules/dropping-a-view.js";
import { droppingWithCascade } from "./rules/dropping-with-cascade.js";
import { enumCreated } from "./rules/enum-created.js";
import { enumValueUsedAtOnce } from "./rules/enum-value-used-at-once.js";
import { foreignKeyLocksReferencedTable } from "./rules/foreign-key-locks-referenced-table.js";
import { foreignKeyWithoutIndex } from "./rules/foreign-key-without-index.js";
import { identifierTooLong } from "./rules/identifier-too-long.js";
import { indexWithManyColumns } from "./rules/index-with-many-columns.js";
import { moneyColumn } from "./rules/money-column.js";
import { movingToAnotherSchema } from "./rules/moving-to-another-schema.js";
import { preferBigintOverInt } from "./rules/prefer-bigint-over-int.js";
import { preferBigintOverSmallint } from "./rules/prefer-bigint-over-smallint.js";
import { preferIdentity } from "./rules/prefer-identity.js";
import { preferRepack } from "./rules/prefer-repack.js";
import { preferRobustStmts } from "./rules/prefer-robust-stmts.js";
import { preferTextField } from "./rules/prefer-text-field.js";
import { preferTimestampTz } from "./rules/prefer-timestamp-tz.js";
import { primaryKeyOverNullable } from "./rules/primary-key-over-nullable.js";
import { refreshingAViewUnderLock } from "./rules/refreshing-a-view-under-lock.js";
import { renamingColumn } from "./rules/renaming-column.js";
import { renamingEnumValue } from "./rules/renaming-enum-value.js";
import { renamingSchema } from "./rules/renaming-schema.js";
import { renamingTable } from "./rules/renaming-table.js";
import { requireConcurrentIndexCreation } from "./rules/require-concurrent-index-creation.js";
import { requireConcurrentIndexDeletion } from "./rules/require-concurrent-index-deletion.js";
import { requireConcurrentPartitionDetach } from "./rules/require-concurrent-partition-detach.js";
import { requireConcurrentReindex } from "./rules/require-concurrent-reindex.js";
import { requireEnumValueOrdering } from "./rules/require-enum-value-ordering.js";
import { rowSecurityOnExistingTable } from "./rules/row-security-on-existing-table.js";
import { severalAltersOfOneTable } from "./rules/several-alters-of-one-table.js";
import { statementsAfterExclusiveLock } from "./rules/statements-after-exclusive-lock.js";
import { tableWithoutPrimaryKey } from "./rules/table-without-primary-key.js";
import { transactionNesting } from "./rules/transaction-nesting.js";
import { triggerOnExistingTable } from "./rules/trigger-on-existing-table.js";
import { unnamedConstraint } from "./rules/unnamed-constraint.js";
import type { Rule } from "./rule.js";

/** Every rule, by what it is concerned with. */
export const allRules: readonly Rule[] = [
  addingFieldWithDefault,
  changingColumnType,
  addingForeignKeyConstraint,
  foreignKeyLocksReferencedTable,
  constraintMissingNotValid,
  addingNotNullableField,
  addingSerialPrimaryKeyField,
  disallowedUniqueConstraint,
  addingExclusionConstraint,
  requireConcurrentIndexCreation,
  requireConcurrentIndexDeletion,
  requireConcurrentReindex,
  requireConcurrentPartitionDetach,
  preferRepack,
  statementsAfterExclusiveLock,
  dataWithSchemaChange,
  severalAltersOfOneTable,
  indexWithManyColumns,
  foreignKeyWithoutIndex,
  refreshingAViewUnderLock,
  triggerOnExistingTable,
  banDropTable,
  droppingAView,
  droppingAType,
  banDropDatabase,
  banDropColumn,
  renamingColumn,
  renamingTable,
  renamingSchema,
  movingToAnotherSchema,
  renamingEnumValue,
  addingRequiredField,
  banDropNotNull,
  droppingADefault,
  banTruncateCascade,
  droppingWithCascade,
  rowSecurityOnExistingTable,
  banConcurrentIndexCreationInTransaction,
  transactionNesting,
  enumValueUsedAtOnce,
  preferRobustStmts,
  banCharField,
  preferTextField,
  preferBigintOverInt,
  preferBigintOverSmallint,
  preferTimestampTz,
  preferIdentity,
  addingJsonColumn,
  moneyColumn,
  banCreateDomainWithConstraint,
  banAlterDomainWithAddConstraint,
  enumCreated,
  requireEnumValueOrdering,
  primaryKeyOverNullable,
  tableWithoutPrimaryKey,
  identifierTooLong,
  banDuplicateColumnAssignments,
  unnamedConstraint,
];
