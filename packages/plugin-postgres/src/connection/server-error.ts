/** What the server said about a statement. Its detail may quote rows and is left out. */
export interface ServerError {
  /** The SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  /** In characters of the file's text, from 1, where the server knows. */
  readonly position: number | undefined;
  /** Which statement of a file it was about, from 1; none where it was not about a file. Behind the last one where it came with the end of the transaction. */
  readonly statement: number | undefined;
  /** The routine of the server that said it. */
  readonly routine: string | undefined;
}

interface InFile {
  readonly position: number | undefined;
  readonly statement: number;
}

const inFileKey = Symbol("in file");

/**
 * Notes on what the server said where in a file it is; anything else is answered as it is. `before` is what was sent before the text in the same message, `statement` the number of the one that failed, counted
 * from the first of the text. What was sent behind it, and `after` it, is not quoted: of a text that is not finished the server quotes all that follows.
 */
export function inFile(
  error: unknown,
  sent: { readonly before: string; readonly text: string; readonly after: string; readonly statement: number },
): unknown {
  const server = readServerError(error);
  if (!(error instanceof Error) || server === undefined) return error;
  error.message = withoutEnd(error.message, sent.after);
  const position = server.position === undefined ? undefined : server.position - [...sent.before].length;
  const isInText = position !== undefined && position > 0 && position <= [...sent.text].length + 1;
  // A message with a mistake in its syntax is refused as a whole, before the first of its statements.
  if (isInText) note(error, { position, statement: Math.max(1, sent.statement) });
  else if (sent.statement > 0) note(error, { position: undefined, statement: sent.statement });
  return error;
}

/** A message without the quote at its end of how a text ends. */
function withoutEnd(message: string, end: string): string {
  const quoted = message.slice(0, -1);
  let same = 0;
  while (same < end.length && quoted.at(-1 - same) === end.at(-1 - same)) same += 1;
  return same < 20 || !message.endsWith('"') ? message : `${quoted.slice(0, -same)}…"`;
}

/** Where it is in a file of which only a part was sent. */
export function movedBy(error: unknown, part: { readonly characters: number; readonly statements: number }): unknown {
  const found = error instanceof Error ? noted(error) : undefined;
  if (!(error instanceof Error) || found === undefined) return error;
  const position = found.position === undefined ? undefined : found.position + part.characters;
  note(error, { position, statement: found.statement + part.statements });
  return error;
}

function note(error: Error, place: InFile): void {
  Reflect.set(error, inFileKey, place);
}

function noted(error: Error): InFile | undefined {
  return Reflect.get(error, inFileKey) as InFile | undefined;
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
  const place = noted(error);
  return {
    code,
    message: error.message,
    position: place === undefined ? (position === undefined ? undefined : Number(position)) : place.position,
    statement: place?.statement,
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

/** Whether it does not run in a transaction. The message is in the server's language, and its code is also used for other things. */
export function wantsNoTransaction({ code, routine }: ServerError): boolean {
  return code === "25001" && routine === "PreventInTransactionBlock";
}

/** Whether a function of the ledger's says that the lease is somebody else's. */
export function isLeaseLost({ code }: ServerError): boolean {
  return code === "FL001";
}
