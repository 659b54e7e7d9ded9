import type { MigrationFinding } from "@fairlead/core";
import type { Node } from "libpg-query";
import type { MigrationFile } from "../folder/migration-file.js";
import { loadParser, type Parser } from "../sql/parser.js";
import { breaksOf } from "./breaks.js";
import { noNovelties, type Novelties } from "./novelties.js";

/**
 * Statements that the code before may not survive, in pending files that do not say what becomes of it: those of files that say `contract`, or how compatible they are, are somebody's decision. Reads the files in
 * the order in which they run.
 */
export async function findBreaks(pending: readonly MigrationFile[]): Promise<readonly MigrationFinding[]> {
  const before = pending.filter(({ phase }) => phase !== "contract");
  if (before.every(({ stated }) => stated)) return [];
  const parser = await loadParser();
  const novelties = noNovelties();
  return inPhases(before).flatMap((file) => {
    const script = parser.read(file.text);
    // Of a file with problems enough is said.
    if ("problem" in script) return file.stated || file.problems.length > 0 ? [] : [unreadable(file)];
    const findings = script.statements.flatMap(({ node, place }) =>
      breaksIn(parser, node, novelties).map((what) => finding(file, place.line, what)),
    );
    return file.stated ? [] : findings;
  });
}

/** What moves data runs behind what expands. */
function inPhases(files: readonly MigrationFile[]): readonly MigrationFile[] {
  return (["expand", "backfill"] as const).flatMap((phase) => files.filter((file) => file.phase === phase));
}

function breaksIn(parser: Parser, node: Node, novelties: Novelties): readonly string[] {
  if (!("DoStmt" in node)) return breaksOf(node, novelties);
  const block = bodyOf(node.DoStmt.args);
  const texts = block === undefined ? undefined : parser.statementsWithin(block);
  if (texts === undefined) return ["runs statements that cannot be known before"];
  // What a block makes may depend on conditions: nothing of it counts as new for what comes behind it.
  const within: Novelties = {
    relations: new Set(novelties.relations),
    columns: new Map(novelties.columns),
    others: new Set(novelties.others),
  };
  return texts.flatMap((text) => {
    const script = parser.read(text);
    return "problem" in script ? [] : script.statements.flatMap((statement) => breaksOf(statement.node, within));
  });
}

/** The block as a statement of its own; none in another language. */
function bodyOf(options: readonly Node[] = []): string | undefined {
  const given = new Map(
    options.flatMap((node) => {
      if (!("DefElem" in node)) return [];
      const { defname = "", arg } = node.DefElem;
      return arg !== undefined && "String" in arg ? [[defname, arg.String.sval ?? ""] as const] : [];
    }),
  );
  if ((given.get("language") ?? "plpgsql").toLowerCase() !== "plpgsql") return undefined;
  const body = given.get("as");
  return body === undefined ? undefined : `do '${body.replaceAll("'", "''")}'`;
}

function finding({ id, path }: MigrationFile, line: number, what: string): MigrationFinding {
  return {
    severity: "error",
    migration: id,
    message: `${path}:${String(line)}: ${what}. The code before may not survive that, and the file does not say that it does.`,
    hint:
      "Write at its beginning `-- fairlead: contract` for what is to run when nothing older lives, `needs-down` or `irreversible` where the release before cannot simply be put back, " +
      "or `code-only` if you know that it can.",
  };
}

function unreadable({ id, path }: MigrationFile): MigrationFinding {
  return {
    severity: "warning",
    migration: id,
    message: `${path} cannot be read as PostgreSQL reads it: whether the code before survives it is not known.`,
    hint: "Mend it, or say at its beginning whether the release before can be put back: `-- fairlead: code-only`, `needs-down` or `irreversible`.",
  };
}
