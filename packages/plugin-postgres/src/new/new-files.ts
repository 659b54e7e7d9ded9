import type { Found } from "../folder/layouts/layout.js";
import { nextVersion, withDashes } from "./next-version.js";

/** What is known of the folder that a migration is to lie in. */
export interface Folder {
  /** In their order; paths are those in the folder. */
  readonly found: readonly Found[];
  /** Text of the last one, empty where there is none. */
  readonly lastText: string;
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a new migration as the folder's own tool would name and begin them; `undefined` where only the tool itself can make one. */
export function newFiles({ found, lastText }: Folder, name: string, at: Date): readonly NewFile[] | undefined {
  const [tool] = found.at(-1)?.tools ?? [];
  if (tool === "Drizzle") return undefined;
  if (tool === "Flyway") return flyway(found, name, at);
  if (tool === "Prisma") return [{ path: `${momentOf(found, at)}_${name}/migration.sql`, text: "" }];
  if (tool === "Diesel") {
    const version = momentOf(found, at);
    const folder = `${found.some(({ id }) => /^\d{4}-/.test(id)) ? withDashes(version) : version}_${name}`;
    return [
      { path: `${folder}/up.sql`, text: "-- Your SQL goes here\n" },
      { path: `${folder}/down.sql`, text: "-- This file should undo anything in `up.sql`\n" },
    ];
  }
  return plain({ found, lastText }, name, at);
}

function versionsOf(found: readonly Found[]): readonly string[] {
  return found.flatMap(({ id }) => /^\d[\d-]*/.exec(id)?.[0].replaceAll("-", "") ?? []);
}

function momentOf(found: readonly Found[], at: Date): string {
  return nextVersion(versionsOf(found), at);
}

function plain({ found, lastText }: Folder, name: string, at: Date): readonly NewFile[] {
  const digits = found.flatMap(({ id }) => /^\d+/.exec(id) ?? []);
  const last = found.findLast(({ id }) => /^\d+/.test(id));
  const separator = /^\d+([_.-])/.exec(last?.id ?? "")?.[1] ?? "_";
  const base = `${nextVersion(digits, at)}${separator}${name}`;
  if (last?.file.endsWith(".up.sql") === true)
    return [
      { path: `${base}.up.sql`, text: "" },
      { path: `${base}.down.sql`, text: "" },
    ];
  const files: readonly NewFile[] = [{ path: `${base}.sql`, text: beginningLike(lastText) }];
  return last?.down === undefined || last.down === last.file ? files : [...files, { path: `${base}.down.sql`, text: "" }];
}

const codeBeginning = `import { defineMigration } from "@fairlead/plugin-postgres";

export const { up, down } = defineMigration({
  async up(db) {
    await db.query("select 1");
  },
  async down(db) {
    await db.query("select 1");
  },
});
`;

/** The file of a new migration in TypeScript; `undefined` where the folder is one of a tool that has none. */
export function newCode(found: readonly Found[], name: string, at: Date): readonly NewFile[] | undefined {
  const tools = found.at(-1)?.tools ?? [];
  if (tools.some((tool) => ["Drizzle", "Flyway", "Prisma", "Diesel"].includes(tool))) return undefined;
  return plain({ found, lastText: "" }, name, at)
    .slice(0, 1)
    .map(({ path }) => ({ path: path.replace(/(?:\.up)?\.sql$/, ".ts"), text: codeBeginning }));
}

const marked: readonly { readonly mark: RegExp; readonly beginning: string }[] = [
  { mark: /^--\s*migrate:up\b/m, beginning: "-- migrate:up\n\n\n-- migrate:down\n\n" },
  { mark: /^--\s*\+goose\s+up\b/im, beginning: "-- +goose Up\n\n\n-- +goose Down\n\n" },
  { mark: /^--\s*\+migrate\s+up\b/im, beginning: "-- +migrate Up\n\n\n-- +migrate Down\n\n" },
  { mark: /^--[\s-]*up\s+migration\b/im, beginning: "-- Up Migration\n\n\n-- Down Migration\n\n" },
];

function beginningLike(text: string): string {
  return marked.find(({ mark }) => mark.test(text))?.beginning ?? "";
}

function flyway(found: readonly Found[], name: string, at: Date): readonly NewFile[] {
  const versions = found.flatMap(({ id }) => /^V([\d._]+?)__/.exec(id)?.[1] ?? []);
  const last = versions.at(-1);
  const [, head = "", tail = ""] = /^(.*[._])?(\d+)$/.exec(last ?? "") ?? [];
  // What stands before its last part stays: 1.4 is followed by 1.5.
  const version = last === undefined ? "1" : `${head}${nextVersion([tail], at)}`;
  return [{ path: `V${version}__${name}.sql`, text: "" }];
}

/** The files with what the migration does, behind the mark with which that begins. There is no way back: an empty one would count as one that takes everything back. */
export function withText(files: readonly NewFile[], body: string): readonly NewFile[] {
  return files.slice(0, 1).map(({ path, text }) => {
    const [mark = ""] = text.split("\n");
    return { path, text: marked.some((one) => one.mark.test(mark)) ? `${mark}\n${body}` : body };
  });
}
