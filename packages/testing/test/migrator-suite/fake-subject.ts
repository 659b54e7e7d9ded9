import type { Migrator } from "@fairlead/core";
import type { MigratorFixture } from "../../src/conformance/migrator/fixture.js";
import { createFakeDatabase, schemaOf, type FakeSchema } from "../../src/fakes/fake-database.js";
import { createFakeMigrator, type FakeMigrator } from "../../src/fakes/fake-migrator.js";

/** What all instances of a migrator know, as they would through their database. */
export interface Shared {
  readonly schema: FakeSchema;
  readonly notes: Set<string>;
}

/** What a migrator does otherwise than the good one. Called once for each instance. */
export type Deviation = (good: FakeMigrator, shared: Shared) => Partial<Migrator>;

/** A fake migrator, a good one unless it deviates, and its database. */
export function createFixture(deviation: Deviation = () => ({})): MigratorFixture {
  const database = createFakeDatabase();
  const schema = schemaOf(database);
  if (schema === undefined) throw new Error("a database that was just made is known");
  const shared: Shared = { schema, notes: new Set() };
  const again = (): Migrator => {
    const good = createFakeMigrator({ database });
    return { ...good, ...deviation(good, shared) };
  };
  return {
    migrator: again(),
    again,
    write(...scripts) {
      database.write(
        ...scripts.map(({ name, phase, mark, ends }) => ({ id: name, phase, text: mark, ...(ends === undefined ? {} : { ends }) })),
      );
      return scripts.map(({ name }) => name);
    },
    remove: (name) => {
      database.remove(name);
    },
    witness: { marks: async () => database.effects.map(({ text }) => text) },
    dispose: () => undefined,
  };
}
