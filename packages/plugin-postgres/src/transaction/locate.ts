import type { ServerError } from "../connection/server-error.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { loadParser } from "../sql/parser.js";
import { createTextMap } from "../sql/text-map.js";

/** Where in a file the server found fault. */
export interface Located {
  /** `migrations/0002_orders.sql:3:14`; the path alone where nothing more is known. */
  readonly at: string;
  /** The statement that it is about, in one line; a long one is cut. */
  readonly statement: string | null;
}

const longest = 300;

/** The place of the fault where the server knows it, else that of the statement. */
export async function locate({ path, text }: MigrationFile, { position, statement }: ServerError, skipped = 0): Promise<Located> {
  if (statement === undefined) return { at: path, statement: null };
  const map = createTextMap(text);
  const index = position === undefined ? undefined : map.indexOfCharacter(position - 1);
  const script = (await loadParser()).read(text);
  const found =
    "problem" in script
      ? undefined
      : index === undefined
        ? script.statements[statement - 1 + skipped]
        : script.statements.find(({ leading, end }) => leading <= index && index <= end);
  const place = index === undefined ? found?.place : map.placeOf(index);
  return {
    at: place === undefined ? path : `${path}:${String(place.line)}:${String(place.column)}`,
    statement: found === undefined ? null : shorten(found.text),
  };
}

/** A statement in one line; a long one is cut. */
export function shorten(statement: string): string {
  const text = statement.replaceAll(/\s+/g, " ");
  return text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
