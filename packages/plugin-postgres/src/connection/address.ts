import { fail, type Secret } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";

/** Where a database is. */
export interface DatabaseAddress {
  /** `host:port/database`, for messages. */
  readonly name: string;
  readonly user: string;
  /** The schema that the address names with Prisma's `?schema=`, where names without one are looked for; nothing where it is `public` or none is named. */
  readonly schema: string | undefined;
  /** With the password: for the client and for nobody else. */
  readonly reveal: () => string;
  /** Another database of the same server. */
  readonly of: (database: string) => DatabaseAddress;
}

/**
 * Reads an address. Throws `POSTGRES_URL_INVALID`, which quotes nothing of it: a character that should have been encoded moves parts of the password to where the host or the
 * database is expected, and those are named in messages.
 */
export function readAddress(url: Secret): DatabaseAddress {
  const refuse = (problem: string): never => {
    throw fail(postgresErrors, "POSTGRES_URL_INVALID", { secret: url.name, problem });
  };
  const text = url.reveal();
  if (!/^postgres(ql)?:\/\//.test(text)) return refuse("it does not begin with postgres://.");
  const parsed = URL.parse(text);
  if (parsed === null || !isDecodable(text)) return refuse("it cannot be read.");
  if (text.split("@").length > 2 || `${parsed.pathname}${parsed.search}${parsed.hash}`.includes("@") || parsed.hash !== "")
    return refuse("user or password are not percent-encoded.");
  if (parsed.host === "" && !parsed.searchParams.has("host")) return refuse("it names no host.");
  if (parsed.username === "" && !parsed.searchParams.has("user")) return refuse("it names no user.");
  if (parsed.pathname.length < 2) return refuse("it names no database.");
  // How connections are called is the plugin's to say: whoever waits for one is told.
  parsed.searchParams.delete("application_name");
  const schema = takeSchema(parsed.searchParams);
  if (schema !== undefined && /["\\\s\0]|^$/.test(schema)) return refuse("its schema is no plain name.");
  return toAddress(parsed, schema);
}

/** The schema that some tools put into addresses becomes the search path, which the server knows. */
function takeSchema(parameters: URLSearchParams): string | undefined {
  const schema = parameters.get("schema") ?? "public";
  parameters.delete("schema");
  if (schema === "public") return undefined;
  const options = parameters.get("options");
  parameters.set("options", `${options === null ? "" : `${options} `}-c search_path="${schema}"`);
  return schema;
}

function toAddress(parsed: URL, schema: string | undefined): DatabaseAddress {
  const parameters = parsed.searchParams;
  const host = parameters.get("host") ?? parsed.hostname;
  const port = parameters.get("port") ?? (parsed.port === "" ? "5432" : parsed.port);
  return Object.freeze({
    name: `${host}:${port}${decodeURIComponent(parsed.pathname)}`,
    schema,
    user: parameters.get("user") ?? decodeURIComponent(parsed.username),
    reveal: () => parsed.href,
    of(database: string) {
      const other = new URL(parsed);
      other.pathname = `/${encodeURIComponent(database)}`;
      return toAddress(other, schema);
    },
  });
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
