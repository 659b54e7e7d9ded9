import { secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { lintPending } from "./inspect/index.js";
import { createMigrations } from "./migrations/create-migrations.js";
import { postgresOptions } from "./options.js";
import { postgres } from "./postgres.js";

async function problemsOf(options: unknown): Promise<readonly string[]> {
  const { issues = [] } = await postgresOptions["~standard"].validate(options);
  return issues.map(
    ({ path = [], message }) => `${path.map((part) => (typeof part === "object" ? part.key : part).toString()).join(".")}: ${message}`,
  );
}

test("every mistake is found at its place, with what to write instead, and no value is printed", async () => {
  const problems = await problemsOf({
    url: "postgres://ada:hunter2@db.example/shop",
    migrations: "",
    schema: "pg_fairlead",
    lockTimeout: "0s",
    patience: "two minutes",
    shadow: "postgres://ada:hunter2@db.example/shadow",
    migratons: "./migrations",
  });
  expect(problems).toHaveLength(7);
  expect(problems.join("\n")).toMatch(/url: .*secret\("DATABASE_URL"\)/);
  expect(problems.join("\n")).toMatch(/migrations: .*folder/);
  expect(problems.join("\n")).toMatch(/schema: .*not beginning with a digit or pg_/);
  expect(problems.join("\n")).toMatch(/lockTimeout: .*1ms/);
  expect(problems.join("\n")).toMatch(/patience: .*"30s"/);
  expect(problems.join("\n")).toMatch(
    /shadow: Write "beside" or "template", name a secret, or hand over a function that starts a server\./,
  );
  expect(problems.join("\n")).toMatch(/migratons/);
  expect(problems.join("\n")).not.toContain("hunter2");
});

test("only the address has to be given", async () => {
  const { value } = (await postgresOptions["~standard"].validate(postgres({ url: secret("DATABASE_URL") }).options)) as { value: unknown };
  expect(value).toMatchObject({ migrations: "./migrations", schema: "fairlead", lockTimeout: 100, patience: 120_000, shadow: "beside" });
});

test("what is used without a deployer takes no other values", async () => {
  const url = "postgres://ada:hunter2@db.example/shop";
  const schema = 'a"; drop table b; --';
  const invalid = (option: string): object => ({ code: "POSTGRES_OPTIONS_INVALID", data: { problems: [{ option }] } });
  for (const [option, value] of Object.entries({ schema, lockTimeout: "0ms", patience: "2 parsecs", migrations: "" })) {
    const created = Promise.resolve().then(() => createMigrations({ url, application: "shop", [option]: value }));
    await expect(created).rejects.toMatchObject(invalid(option));
  }
  await expect(lintPending({ folder: "./migrations", url, application: "shop", schema })).rejects.toMatchObject(invalid("schema"));
});
