// For `node --import`: watches what a process commits to its journal, notes each commit in a file, and kills the process at the one that it is told.
import { appendFileSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

const { NOTE_COMMITS_IN: file, DIE_AT_COMMIT: fatal, DIE_AT_MOMENT: moment } = process.env;

/** What the transaction has written so far: events, and other changes. */
let events: string[] = [];
let others: string[] = [];
/** How often each commit has come. */
const counts = new Map<string, number>();

const { prepare } = DatabaseSync.prototype;

DatabaseSync.prototype.prepare = function (...asked) {
  const statement = prepare.apply(this, asked);
  const [sql] = asked;
  const watch =
    <Answer>(execute: (...values: SQLInputValue[]) => Answer) =>
    (...values: SQLInputValue[]): Answer => {
      if (sql.startsWith("BEGIN")) [events, others] = [[], []];
      if (sql === "COMMIT") return commit(() => execute(...values));
      note(sql, values);
      return execute(...values);
    };
  return Object.assign(statement, { run: watch(statement.run.bind(statement)), get: watch(statement.get.bind(statement)) });
};

function commit<Answer>(execute: () => Answer): Answer {
  // With which of several events that belong together a commit begins, is the same in every run; how many of them follow from it is not.
  const what = events[0] ?? [...new Set(others)].join(", ");
  // Nothing was written: a look for messages that are due, for example.
  if (what === "") return execute();
  const count = (counts.get(what) ?? 0) + 1;
  counts.set(what, count);
  const name = count === 1 ? what : `${what} (${count})`;
  if (name === fatal && moment === "before") die();
  const answer = execute();
  if (file !== undefined) appendFileSync(file, `${name}\n`);
  if (name === fatal) die();
  return answer;
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

/** Notes an event by its type and step, any other change by its table: the same words in every run. */
function note(sql: string, values: readonly SQLInputValue[]): void {
  const [, verb, table, column] = /^(INSERT INTO|UPDATE|DELETE FROM) (\w+)(?: SET (\w+))?/.exec(sql) ?? [];
  if (verb === undefined || table === "stream") return;
  if (table !== "event") {
    others.push(words(verb.toLowerCase(), table, column));
    return;
  }
  const [type, data] = values.filter((value) => typeof value === "string").filter((value) => /^\{|^[\w-]+\.[\w-]+$/.test(value));
  const { step, direction }: { readonly step?: string; readonly direction?: string } = JSON.parse(data ?? "{}");
  events.push(words(type, step, direction === "undo" ? direction : undefined));
}

function words(...all: readonly (string | undefined)[]): string {
  return all.filter((word) => word !== undefined).join(" ");
}
