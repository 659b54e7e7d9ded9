import { momentOf, type Taken, type Tool, type Unfinished } from "./tool.js";

interface Row {
  readonly name: string;
  readonly checksum: string;
  readonly at: string | null;
  readonly finished: boolean;
}

export const prismaTool: Tool = {
  name: "Prisma",
  table: "_prisma_migrations",
  columns: ["migration_name", "finished_at", "rolled_back_at"],
  async read(session, files) {
    const rows = await session.ask<Row>(
      `select migration_name as name, checksum, ${momentOf("finished_at")} as at, finished_at is not null as finished
         from _prisma_migrations where rolled_back_at is null order by started_at`,
    );
    const known = new Map(files.map((file) => [file.id, file]));
    return rows.flatMap<Taken | Unfinished>(({ name, checksum, at, finished }) => {
      const file = known.get(name);
      if (file === undefined) return [];
      return [finished ? { file, appliedAt: at, edited: checksum !== file.digest } : { migration: name }];
    });
  },
};
