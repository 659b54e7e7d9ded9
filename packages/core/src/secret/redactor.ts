import type { SafeError } from "./error.js";
import { createRegistry, type RegisterOptions, type RegisterResult } from "./registry.js";
import { masked } from "./mask.js";
import { findSecrets, type Findings } from "./scanner.js";
import { createRedactingStream, type RedactingStream } from "./stream.js";
import { redactError, redactValue } from "./value.js";
import { createExplorer } from "./views/explore.js";

/** Longer texts are searched in pieces, so that memory does not grow with them. */
const pieceLength = 32_768;

/** Knows secrets and masks them as `[redacted:NAME]`. What was made before a secret was registered is not its concern. */
export interface Redactor {
  /** How many names are registered. */
  readonly size: number;
  /**
   * Masks a value from now on. The result says if it was refused (empty; shorter than 6 characters, unless forced; inside a name that must stay readable; more than can be looked for), or is so
   * ordinary that ordinary text will be masked with it. A name may be registered several times: all its values are masked. Throws `SECRET_NAME_INVALID`.
   */
  register(name: string, value: string, options?: RegisterOptions): RegisterResult;
  /**
   * Masks every registered value: as it is, in hex, inside base64 and base64url, and behind up to three of JSON, source code, percent, form, HTML, shell and
   * SQL escapes; also its lines, the credentials and tokens of a URL, and the leaves of JSON. Gives back the very text if nothing matched. Redacting twice
   * changes nothing more. Cut texts after redacting them, never before: half a secret is not found.
   */
  text(text: string): string;
  /**
   * Masks every text in a value: keys, numbers, `Map`, `Set`, `URL`, bytes and what `toJSON` gives included. Errors become `SafeError`. Changes nothing in
   * place: gives back the very value if nothing matched, else a copy in which a masked address, number or instance is a text or data. Values may contain
   * themselves. Never throws: what cannot be read becomes `[unreadable]`.
   */
  value<Value>(value: Value): Value;
  /** What was thrown, as masked data: name, message, stack, causes, inner errors, own properties, but no request, response, options or other live objects. */
  error(thrown: unknown): SafeError;
  /** Masks a text that arrives in pieces. */
  stream(): RedactingStream;
}

/** Makes a redactor that knows nothing yet. Every deployer has its own. */
export function createRedactor(): Redactor {
  const registry = createRegistry();
  const explore = createExplorer();
  const find = (text: string, final: boolean): Findings => {
    const search = registry.search();
    return text.length < search.shortest && final ? { ranges: [], settled: text.length } : findSecrets(text, search, explore, final);
  };
  const stream = () => createRedactingStream(find);
  const text = (original: string): string => {
    if (original.length > pieceLength) return inPieces(original, stream());
    const { ranges } = find(original, true);
    return ranges.length === 0 ? original : masked(original, ranges);
  };
  return {
    get size() {
      return registry.size();
    },
    register: (name, value, options) => registry.register(name, value, options),
    text,
    value: <Value>(value: Value) => redactValue(value, text) as Value,
    error: (thrown) => redactError(thrown, text),
    stream,
  };
}

function inPieces(text: string, stream: RedactingStream): string {
  let result = "";
  for (let start = 0; start < text.length; start += pieceLength) result += stream.write(text.slice(start, start + pieceLength));
  return result + stream.end();
}
