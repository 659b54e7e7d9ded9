export { postgresTestingErrors } from "./postgres-errors.js";
export { startPostgres, type PostgresServer, type PostgresServerOptions } from "./start-postgres.js";
