import { readFile, writeFile } from "node:fs/promises";
import { readFolder } from "../folder/read-folder.js";
import { fixContent } from "./fixes.js";
import type { Inspection } from "./inspection.js";

/** A file that was mended. */
export interface FixedFile {
  readonly path: string;
  /** How many findings were. */
  readonly count: number;
}

/** Mends in the files of a folder what is mechanical of what was found in them; answers those that are changed. Files that have changed since they were inspected stay as they are in those places. */
export async function writeFixes(folder: string, inspections: readonly Inspection[]): Promise<readonly FixedFile[]> {
  const files = new Map((await readFolder(folder)).map((file) => [file.id, file]));
  const written: FixedFile[] = [];
  for (const { id, findings } of inspections) {
    const file = files.get(id);
    const fixes = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
    if (file === undefined || fixes.length === 0) continue;
    const { content, count } = fixContent(await readFile(file.path, "utf8"), file.text, fixes);
    if (count === 0) continue;
    await writeFile(file.path, content);
    written.push({ path: file.path, count });
  }
  return written;
}
