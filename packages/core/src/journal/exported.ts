import type { StoredEvent } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import type { JsonObject } from "../json/json.js";
import { emptyHead, verifyEvents, type Head } from "./seal.js";

/** What was found out about a journal. */
export interface JournalReport {
  readonly streams: number;
  readonly events: number;
  /** What does not verify; empty where all is as it was written. */
  readonly problems: readonly { readonly stream: string; readonly message: string }[];
}

/** The first line of an export. */
interface ExportHeader {
  readonly type: "export";
  readonly format: 1;
  readonly application: string;
  /** Null: all. */
  readonly environment: string | null;
  /** ISO 8601. */
  readonly at: string;
}

type ExportLine =
  ExportHeader | Omit<StoredEvent, "position"> | { readonly type: "end"; readonly streams: number; readonly events: number };

const named = (line: ExportLine): line is Omit<StoredEvent, "position"> => "stream" in line;

/** An export as JSON lines: a header, every event with its hash, and an end that says how many there were. */
export async function* exportLines(
  header: Omit<ExportHeader, "type" | "format">,
  streams: AsyncIterable<readonly StoredEvent[]>,
): AsyncGenerator<string, void, undefined> {
  const write = (line: ExportLine): string => JSON.stringify(line);
  let [count, events] = [0, 0];
  yield write({ type: "export", format: 1, ...header });
  for await (const stored of streams) {
    count += 1;
    events += stored.length;
    for (const { stream, version, type, at, data, hash } of stored) yield write({ stream, version, type, at, data, hash });
  }
  yield write({ type: "end", streams: count, events });
}

/**
 * Verifies an export by itself, without the store that it is of: every stream from its first event on, unchanged and without a gap, and none cut off at the end. Only that whole streams were left out together with
 * their count cannot be told. Throws `JOURNAL_EXPORT_UNREADABLE` for what is no export.
 */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>): Promise<JournalReport> {
  const heads = new Map<string, Head>();
  const bad = new Map<string, string>();
  let [number, events] = [0, 0];
  let end: Extract<ExportLine, { type: "end" }> | undefined;
  for await (const text of lines) {
    number += 1;
    const line = parse(text, number);
    if (number === 1 && (named(line) || line.type !== "export")) throw unreadable(number, "it is not the beginning of an export.");
    if (end !== undefined) bad.set("", `line ${String(number)} is behind the end.`);
    if (!named(line)) {
      if (line.type === "end") end = line;
      continue;
    }
    events += 1;
    const { stream } = line;
    const head = heads.get(stream) ?? emptyHead;
    try {
      heads.set(stream, verifyEvents(stream, head, [{ ...line, position: 0 }]));
    } catch (error) {
      // Everything behind the first that does not fit does not either.
      if (!bad.has(stream)) bad.set(stream, serializeError(error).message);
      heads.set(stream, { version: line.version, hash: line.hash });
    }
  }
  if (number === 0) throw unreadable(1, "it is empty.");
  if (end === undefined) bad.set("", "It ends before its end: lines are missing.");
  else if (end.streams !== heads.size || end.events !== events)
    bad.set(
      "",
      `It says that it has ${String(end.events)} events in ${String(end.streams)} streams, and has ${String(events)} in ${String(heads.size)}.`,
    );
  return { streams: heads.size, events, problems: [...bad].map(([stream, message]) => ({ stream, message })) };
}

function parse(text: string, line: number): ExportLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(line, "it is not JSON.");
  }
  if (typeof value !== "object" || value === null || !("type" in value)) throw unreadable(line, "it is no line of an export.");
  const { stream, version, at, data, hash } = value as Partial<StoredEvent>;
  if (stream === undefined) return value as ExportLine;
  if (typeof stream === "string" && typeof version === "number" && typeof at === "string" && typeof hash === "string" && isObject(data))
    return value as ExportLine;
  throw unreadable(line, "it is no event.");
}

function isObject(data: unknown): data is JsonObject {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function unreadable(line: number, problem: string): Error {
  return fail(coreErrors, "JOURNAL_EXPORT_UNREADABLE", { line, problem });
}
