/** What the server said about a statement. Its detail may quote rows and is left out. */
export interface ServerError {
  /** The SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  /** In characters of the statement's text, from 1, where the server knows. */
  readonly position: number | undefined;
  /** Which statement of a file it was about, from 1; none where it was not about a file. */
  readonly statement: number | undefined;
  /** Whether it happened in something that the statement called. */
  readonly nested: boolean;
  /** The routine of the server that said it. */
  readonly routine: string | undefined;
}

const statementKey = Symbol("statement");

/** Notes on what the server said which statement of a file it is about; anything else is answered as it is. */
export function atStatement(error: unknown, statement: number): unknown {
  if (error instanceof Error && readServerError(error) !== undefined) Reflect.set(error, statementKey, statement);
  return error;
}

/** What the server said, if an error of the client is its answer. */
export function readServerError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const read = (name: string): string | undefined => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const code = read("code");
  // The client's own errors have the codes of the system, e.g. EPIPE.
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || read("severity") === undefined) return undefined;
  const position = read("position");
  const statement: unknown = Reflect.get(error, statementKey);
  return {
    code,
    message: error.message,
    position: position === undefined ? undefined : Number(position),
    statement: typeof statement === "number" ? statement : undefined,
    nested: read("where") !== undefined || read("internalQuery") !== undefined,
    routine: read("routine"),
  };
}

/** Whether the same may work later: the connection is gone, resources ran out, or the server is starting or stopping. */
export function isPassing({ code }: ServerError): boolean {
  return /^(08|53|57P0[1-4])/.test(code);
}

/** Whether what was wanted is in use by somebody else right now: `lock_timeout` was over, or a deadlock was resolved against us. */
export function isBusy({ code }: ServerError): boolean {
  return code === "55P03" || code === "40P01";
}

/** Whether the statement itself was not accepted, so that it did nothing: it has a mistake, needs a right, or may not run where it was to run. */
export function wasRefused({ code, nested }: ServerError): boolean {
  return /^(42|25|0A)/.test(code) && !nested;
}

/** Whether it does not run in a transaction. The message is in the server's language, and its code is also used for other things. */
export function wantsNoTransaction({ code, routine }: ServerError): boolean {
  return code === "25001" && routine === "PreventInTransactionBlock";
}

/** Whether there were several statements where one was wanted. The message is in the server's language. */
export function isSeveralStatements({ code, position, routine }: ServerError): boolean {
  return code === "42601" && position === undefined && routine === "exec_parse_message";
}
