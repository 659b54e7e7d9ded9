import { secret, Secret, systemClock, type Check, type Clock, type JsonObject, type Logger, type Migrator } from "@fairlead/core";
import { postgresOptions, type PostgresOptions } from "../../src/options.js";
import { postgres } from "../../src/postgres.js";

export interface LogRecord {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: JsonObject;
}

export interface SceneOptions extends Omit<PostgresOptions, "url"> {
  readonly url: string;
  readonly application: string;
  readonly clock: Clock;
}

/** What the plugin gives to a deployer. */
export interface Provided {
  readonly migrator: Migrator;
  readonly checks: readonly Check[];
  readonly dispose?: () => Promise<void>;
}

const reference = secret("DATABASE_URL");

/** Sets the plugin up as a deployer does. */
export async function setUp({ url, application = "shop", clock = systemClock, ...options }: Partial<SceneOptions>): Promise<Provided> {
  const checked = await postgresOptions["~standard"].validate({ ...(postgres({ url: reference, ...options }).options as object) });
  if (checked.issues !== undefined) throw new Error(JSON.stringify(checked.issues));
  const context = { name: "postgres", application, environment: "production", clock, log: recordTo([]), redact: (text: string) => text };
  return postgres({ url: reference, ...options }).setup(
    { ...checked.value, url: new Secret("DATABASE_URL", url ?? "") },
    context,
  ) as Promise<Provided>;
}

/** A log that keeps what is said. */
export function recordTo(log: LogRecord[]): Logger {
  const write =
    (level: LogRecord["level"]) =>
    (message: string, fields: JsonObject = {}): void => {
      log.push({ level, message, fields });
    };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
