export { postgres, type PostgresOptions } from "./postgres.js";
export { postgresErrors } from "./postgres-errors.js";
