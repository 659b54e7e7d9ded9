import { isCodeMigration } from "../code-file.js";
import { inOrder } from "./in-order.js";
import type { Layout } from "./layout.js";

/** What keeps the way there in a file with a name of its own. */
const inPairs = ["golang-migrate", "node-pg-migrate"];
const there = ".up.sql";
const back = ".down.sql";

/**
 * One file for each migration: ours, and those of dbmate, goose, node-pg-migrate and Supabase, which keep the way back, if there is one, in the same file. Of golang-migrate too, and of others that keep it in a
 * file beside it: `1_users.up.sql` or `1_users.sql`, and `1_users.down.sql`, which never counts as a migration. Between them those that are written in TypeScript for Fairlead.
 */
export const plainLayout: Layout = ({ files, text }) => {
  const names = new Set(files);
  const code = files
    .filter((file) => isCodeMigration(file, () => text(file)))
    .map((file) => ({ id: file.slice(0, file.indexOf(".")), file, code: true }));
  const sql = files
    .filter((file) => file.endsWith(".sql") && !file.endsWith(back))
    .map((file) => {
      const paired = file.endsWith(there);
      const id = file.slice(0, -(paired ? there : ".sql").length);
      const down = `${id}${back}`;
      return { id, file, ...(paired ? { tools: inPairs } : {}), ...(names.has(down) ? { down } : {}) };
    });
  return [...sql, ...code].sort((one, other) => inOrder(one.id, other.id));
};
