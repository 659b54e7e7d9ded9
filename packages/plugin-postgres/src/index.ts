export { createMigrations, type Migrations, type MigrationsOptions } from "./migrations/create-migrations.js";
export type { RepairDecisions, Repaired } from "./migrations/repair.js";
export type { MigrationState, MigrationStatus } from "./migrations/status.js";
export { postgres } from "./postgres.js";
export { postgresErrors } from "./postgres-errors.js";
export type { PostgresOptions } from "./options.js";
