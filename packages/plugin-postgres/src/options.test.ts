import { secret } from "@fairlead/core";
import { expect, test } from "vitest";
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
    migratons: "./migrations",
  });
  expect(problems).toHaveLength(6);
  expect(problems.join("\n")).toMatch(/url: .*secret\("DATABASE_URL"\)/);
  expect(problems.join("\n")).toMatch(/migrations: .*folder/);
  expect(problems.join("\n")).toMatch(/schema: .*not beginning with a digit or pg_/);
  expect(problems.join("\n")).toMatch(/lockTimeout: .*1ms/);
  expect(problems.join("\n")).toMatch(/patience: .*"30s"/);
  expect(problems.join("\n")).toMatch(/migratons/);
  expect(problems.join("\n")).not.toContain("hunter2");
});

test("only the address has to be given", async () => {
  const { value } = (await postgresOptions["~standard"].validate(postgres({ url: secret("DATABASE_URL") }).options)) as { value: unknown };
  expect(value).toMatchObject({ migrations: "./migrations", schema: "fairlead", lockTimeout: 100, patience: 120_000 });
});
