import type { Node } from "libpg-query";
import type { Parser } from "../sql/parser.js";
import type { Break } from "./break.js";
import { breaksOf } from "./breaks.js";
import type { Known } from "./known.js";

const unknowable: Break = {
  what: "runs statements that cannot be known before",
  compatibility: "irreversible",
  recipe: "Write its statements as they are, or look what it does.",
};

/** What a statement does that the code before may not survive; of a `do` block, what its statements do. Remembers what it makes. */
export function breaksIn(parser: Parser, node: Node, known: Known): readonly Break[] {
  if ("CreateSchemaStmt" in node)
    return [...breaksOf(node, known), ...(node.CreateSchemaStmt.schemaElts ?? []).flatMap((one) => breaksOf(one, known))];
  if (!("DoStmt" in node)) return breaksOf(node, known);
  const block = bodyOf(node.DoStmt.args);
  const texts = block === undefined ? undefined : parser.statementsWithin(block);
  if (texts === undefined) return [unknowable];
  // What a block makes may depend on conditions: nothing of it counts as new for what comes behind it.
  const { relations, columns, others } = known.novelties;
  const within: Known = {
    schema: known.schema,
    novelties: { relations: new Set(relations), columns: new Map(columns), others: new Set(others) },
  };
  return texts.flatMap((text) => {
    const script = parser.read(text);
    return "problem" in script ? [unknowable] : script.statements.flatMap((statement) => breaksIn(parser, statement.node, within));
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
