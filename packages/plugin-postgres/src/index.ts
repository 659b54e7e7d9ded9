export { postgres } from "./postgres.js";
export { postgresErrors } from "./postgres-errors.js";
export type { PostgresOptions } from "./options.js";
