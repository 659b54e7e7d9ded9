import {
  fail,
  isDuration,
  isSecretReference,
  toMilliseconds,
  type Duration,
  type SecretReference,
  type StandardSchema,
} from "@fairlead/core";
import * as z from "zod";
import { postgresErrors } from "./postgres-errors.js";

/** Options of `postgres()`. */
export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database` of a role that may change the schema. */
  readonly url: SecretReference;
  /** Folder of SQL files, relative to where the process runs. Default `"./migrations"`. */
  readonly migrations?: string;
  /** Schema of the tables in which it is written down what was applied; it is made when it is missing, and holds nothing else. Default `"fairlead"`. */
  readonly schema?: string;
  /**
   * How long a statement of a migration waits for a lock. Everybody who comes behind it waits as long; then they go first, and the migration is tried again. Default `"100ms"`.
   */
  readonly lockTimeout?: Duration;
  /** What becomes of a file that comes before one that was applied, as a branch brings it: `warn` says it and applies it, `apply` applies it, `refuse` stops. Default `"warn"`. */
  readonly outOfOrder?: "warn" | "refuse" | "apply";
  /** How long a migration is tried again for its locks, and how long other runners of migrations are waited for. Default `"2m"`. */
  readonly patience?: Duration;
  /**
   * How long a runner that was killed keeps others waiting behind a pooler, where the server cannot see that it is gone; on a direct connection they go on at once. It is renewed three times in this time. Default `"15s"`.
   */
  readonly lease?: Duration;
  /**
   * Where pending migrations are tried before anything is deployed. `"beside"` (default): on an empty database on the same server, on which those run first that were applied; the role must be allowed to create
   * databases. `secret("SHADOW_DATABASE_URL")`: the same on another server of the same version. A function: the same on a server that it starts, such as `startPostgres` of `@fairlead/testing/postgres`, and that is
   * stopped afterwards. `"template"`: on a copy of the database itself, with its rows, which proves more: it takes the time and the space of a
   * copy, and PostgreSQL makes one only while nobody is connected to the database; while others are, nothing is proved, which is said. While it is copied nobody can connect to the database: whoever comes waits, at
   * most a minute; then the copy is given up, which is said too.
   */
  readonly shadow?: "beside" | "template" | SecretReference | StartShadow;
}

/** Starts a PostgreSQL server of the version of the real one, on which migrations are tried. Its user may create databases. */
export type StartShadow = () => Promise<{
  readonly url: string;
  /** Called when they were tried, also where they have failed. */
  stop(): Promise<void>;
}>;

const duration = z
  .custom<Duration>((value) => typeof value === "string" && isDuration(value), 'Write a number and one of ms, s, m, h, d, e.g. "30s".')
  .transform((value) => toMilliseconds(value));

const schema = z.strictObject({
  url: z.custom<SecretReference>(
    isSecretReference,
    'Name a secret: `secret("DATABASE_URL")`; its value does not belong into the configuration.',
  ),
  migrations: z.string().min(1, "Name a folder.").default("./migrations"),
  schema: z
    .string()
    .regex(/^(?!pg_)[a-z_][a-z0-9_]{0,62}$/, "Write at most 63 lower-case letters, digits and _, not beginning with a digit or pg_.")
    .default("fairlead"),
  lockTimeout: duration
    .refine((milliseconds) => milliseconds >= 1, "Write at least 1ms: without a limit everybody queues behind a migration.")
    .prefault("100ms"),
  outOfOrder: z.enum(["warn", "refuse", "apply"]).default("warn"),
  patience: duration.prefault("2m"),
  lease: duration
    .refine((milliseconds) => milliseconds >= 1_000, "Write at least 1s: it is renewed in time only if it is long enough.")
    .prefault("15s"),
  shadow: z
    .union(
      [
        z.literal("beside"),
        z.literal("template"),
        z.custom<SecretReference>(isSecretReference),
        z.custom<StartShadow>((value) => typeof value === "function"),
      ],
      { error: 'Write "beside" or "template", name a secret, or hand over a function that starts a server.' },
    )
    .default("beside"),
});

/** The options as they are completed. */
export type PostgresSettings = z.output<typeof schema>;

const ownSchema = schema.omit({ url: true, shadow: true });

/** Those of the options that are no secret, of what is used without a deployer: checked as they are with one. Throws `POSTGRES_OPTIONS_INVALID`. */
export function checkOptions(options: Partial<Record<keyof z.input<typeof ownSchema>, unknown>>): z.output<typeof ownSchema> {
  const { data, error } = ownSchema.safeParse(options);
  if (error === undefined) return data;
  const problems = error.issues.map(({ path, message }) => ({ option: path.join("."), problem: message }));
  throw fail(postgresErrors, "POSTGRES_OPTIONS_INVALID", { problems });
}

/** Checks the options. */
export const postgresOptions: StandardSchema<PostgresOptions, z.output<typeof schema>> = {
  "~standard": { version: 1, vendor: "zod", validate: (value) => schema["~standard"].validate(value) },
};
