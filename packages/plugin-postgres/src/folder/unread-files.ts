/** A file that another program would take for a migration: numbered, and written in a language that is not run here. */
const inCode = /^V?\d[\w.-]*\.([cm]?[jt]s|go|py|rb|php|java|kt|cs|rs)$/i;
const wayBack = /\.down\.sql$|^U\d[\d._]*__.+\.sql$/;
/** All that comes before, in one file: for a database that has nothing of it. */
const flywayBaseline = /^B\d[\d._]*__.+\.sql$/;

/** Files of a folder that look like migrations and that nobody would run: what they do would be missing without a word. */
export function findUnread(
  files: readonly string[],
  read: ReadonlySet<string>,
  tool: string | undefined,
): readonly { readonly migration: string; readonly message: string; readonly hint: string }[] {
  // Beside folders that hold the migrations, only a number says that something was meant to be one.
  const inFolders = [...read].some((path) => path.includes("/"));
  return files.flatMap((file) => {
    if (read.has(file)) return [];
    if (inCode.test(file)) {
      return [
        {
          migration: file,
          message: "It is code that was not written for Fairlead, and is not run.",
          hint: "Write it as SQL, or with `defineMigration` of @fairlead/plugin-postgres as 1_name.ts, or keep it in another folder.",
        },
      ];
    }
    if (wayBack.test(file)) {
      return [
        {
          migration: file,
          message: "It is a way back, and the way there is missing.",
          hint: "Put the file back that it belongs to, or remove it.",
        },
      ];
    }
    if (flywayBaseline.test(file)) {
      return [
        {
          migration: file,
          message: "It is a baseline of Flyway's, which is not run.",
          hint: "Keep the versions that it stands for, and remove it.",
        },
      ];
    }
    if (/\.sql$/i.test(file) && (!inFolders || /^\d/.test(file))) {
      return [
        {
          migration: file,
          message: "It is not named as the other migrations of this folder are, and would not run.",
          hint: `${tool === undefined ? "Names end in .sql." : `The folder is one of ${tool}'s.`} Name it like that, or keep it in another folder.`,
        },
      ];
    }
    return [];
  });
}
