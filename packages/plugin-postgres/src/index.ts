export { defineMigration, type BatchOptions, type CodeMigration, type MigrationDatabase, type MigrationQueries } from "./code/migration.js";
export { createMigrations, type MigrationsOptions } from "./migrations/create-migrations.js";
export type { Migrations } from "./migrations/open-migrations.js";
export type { RepairDecisions, Repaired } from "./migrations/repair.js";
export type { MigrationState, MigrationStatus } from "./migrations/status.js";
export type { WayBack } from "./migrations/ways-back.js";
export { postgres } from "./postgres.js";
export { postgresErrors } from "./postgres-errors.js";
export type { PostgresOptions } from "./options.js";
