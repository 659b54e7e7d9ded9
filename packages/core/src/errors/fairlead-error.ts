import type { JsonObject } from "../json/json.js";
import { coreErrors } from "./core-errors.js";
import type { ErrorCatalogue, ErrorDataOf, ErrorDefinition } from "./definition.js";

const brand: unique symbol = Symbol.for("fairlead.error");

/**
 * Catalogues by area; a plugin adds its own by declaration merging so that `isFairleadError(error, code)` knows the data:
 * `declare module "@fairlead/core" { interface ErrorRegistry { vercel: typeof vercelErrors } }`.
 */
export interface ErrorRegistry {
  readonly core: typeof coreErrors;
}

type RegisteredData = {
  [Area in keyof ErrorRegistry]: {
    [Code in keyof ErrorRegistry[Area]]: ErrorRegistry[Area][Code] extends ErrorDefinition<infer Data> ? Data : never;
  };
}[keyof ErrorRegistry];

type Union<T> = T extends unknown ? T : never;
type DataOfCode<Code extends string> =
  Union<RegisteredData> extends infer Areas ? (Areas extends Readonly<Record<Code, infer Data>> ? Data : never) : never;

/** An error as the journal and HTTP answers keep it: plain JSON, matched by `code`. */
export interface SerializedError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly data: JsonObject;
  readonly cause?: { readonly message: string; readonly code?: string };
}

/**
 * The only error Fairlead throws. Match it by `code` (`isFairleadError(error, "STORE_CONFLICT")`), never by `instanceof`:
 * errors come back from the journal and from other copies of the package.
 */
export class FairleadError<Data extends JsonObject = JsonObject> extends Error {
  override readonly name = "FairleadError";
  readonly [brand] = true;
  readonly code: string;
  /** What to do now, in the imperative. */
  readonly hint: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly data: Data;
  /** Milliseconds to wait before trying again, where the other side said so. */
  readonly retryAfter?: number;

  constructor(
    code: string,
    fields: {
      message: string;
      hint: string;
      status: number;
      retryable: boolean;
      data: Data;
      retryAfter?: number | undefined;
      cause?: unknown;
    },
  ) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.hint = fields.hint;
    this.status = fields.status;
    this.retryable = fields.retryable;
    this.data = fields.data;
    if (fields.retryAfter !== undefined) this.retryAfter = fields.retryAfter;
    Object.defineProperty(this, brand, { enumerable: false });
  }

  toJSON(): SerializedError {
    return serializeError(this);
  }
}

/** Makes the error of a code: `throw fail(coreErrors, "ENVIRONMENT_BUSY", { … }, { cause })`. */
export function fail<Catalogue extends ErrorCatalogue, Code extends keyof Catalogue & string>(
  catalogue: Catalogue,
  code: Code,
  data: ErrorDataOf<Catalogue, Code>,
  extra: { cause?: unknown; retryAfter?: number } = {},
): FairleadError<ErrorDataOf<Catalogue, Code>> {
  const definition = catalogue[code] as unknown as ErrorDefinition<ErrorDataOf<Catalogue, Code>>;
  return new FairleadError(code, {
    message: definition.message(data),
    hint: definition.hint(data),
    status: definition.status,
    retryable: definition.retryable,
    data,
    ...extra,
  });
}

/** Whether a value is one of our errors (from any copy of the package), and of this code if one is given. */
export function isFairleadError(value: unknown): value is FairleadError;
export function isFairleadError<Code extends string>(
  value: unknown,
  code: Code,
): value is FairleadError<[DataOfCode<Code>] extends [never] ? JsonObject : DataOfCode<Code>>;
export function isFairleadError(value: unknown, code?: string): value is FairleadError {
  if (typeof value !== "object" || value === null || !(brand in value)) return false;
  return code === undefined || ("code" in value && value.code === code);
}

/** An error as JSON. Anything that is not ours becomes `UNEXPECTED_ERROR` with its message; nothing else of it is kept. */
export function serializeError(value: unknown): SerializedError {
  if (isFairleadError(value)) {
    const cause = value.cause === undefined ? undefined : describeCause(value.cause);
    return {
      code: value.code,
      message: value.message,
      hint: value.hint,
      status: value.status,
      retryable: value.retryable,
      data: value.data,
      ...(cause === undefined ? {} : { cause }),
    };
  }
  const problem = value instanceof Error ? value.message : String(value);
  const { message, hint, status, retryable } = coreErrors.UNEXPECTED_ERROR;
  return { code: "UNEXPECTED_ERROR", message: message({ problem }), hint: hint({ problem }), status, retryable, data: {} };
}

/** The error that a serialized one stood for. */
export function reviveError(serialized: SerializedError): FairleadError {
  return new FairleadError(serialized.code, { ...serialized });
}

function describeCause(cause: unknown): { message: string; code?: string } {
  // An error, or what was kept of one.
  if (typeof cause !== "object" || cause === null || !("message" in cause)) return { message: String(cause) };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
  return { message: String(cause.message), ...(code === undefined ? {} : { code }) };
}
