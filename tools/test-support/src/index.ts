export { embeddedPostgres, postgresVersion, type PostgresVersion } from "./embedded-postgres.js";
export { listening } from "./listening.js";
export { openLine, type Line } from "./line.js";
export { matrixCases } from "./matrix.js";
export { sourceFlags } from "./source-flags.js";
export { chromium, docker, haproxy, pgbouncer, postgres, prometheus, psql, requireService } from "./services.js";
export type { Service } from "./services.js";
export { proves } from "./proves.js";
