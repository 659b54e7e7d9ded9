import { rm } from "node:fs/promises";
import { join } from "node:path";
import { migratorSuite, type MigrationScript } from "@fairlead/testing/conformance";
import { describe, test } from "vitest";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

migratorSuite(
  { test, describe },
  {
    patience: "60s",
    create: async () => {
      const { migrator, again, write, query, folder } = await createScene();
      return {
        migrator,
        again: async () => (await again()).migrator,
        async write(...scripts) {
          for (const script of scripts) await write({ [`${script.name}.sql`]: toSql(script) });
          return scripts.map(({ name }) => name);
        },
        remove: (name) => rm(join(folder, `${name}.sql`)),
        witness: {
          async marks() {
            const [table] = await query<{ name: string | null }>("select to_regclass('marks')::text as name");
            if (table?.name === null) return [];
            return (await query<{ mark: string }>("select mark from marks order by id")).map(({ mark }) => mark);
          },
        },
        dispose: () => undefined,
      };
    },
  },
);

function toSql({ phase, mark, ends }: MigrationScript): string {
  return `-- fairlead: ${phase}
create table if not exists marks (id bigint generated always as identity, mark text);
insert into marks (mark) values ('${mark}');
${ends === "fails" ? "select * from nothing_like_this;" : ""}
${ends === "hangs" ? "select pg_sleep(60);" : ""}
`;
}
