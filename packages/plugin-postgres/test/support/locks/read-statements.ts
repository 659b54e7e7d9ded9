import { loadParser } from "../../../src/sql/parser.js";
import type { Statement } from "../../../src/sql/script.js";

export async function readStatements(text: string): Promise<readonly Statement[]> {
  const script = (await loadParser()).read(text);
  if ("problem" in script) throw new Error(script.problem.message);
  return script.statements;
}
