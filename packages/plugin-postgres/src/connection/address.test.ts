import { inspect } from "node:util";
import { Secret } from "@fairlead/core";
import { expect, test } from "vitest";
import { readAddress } from "./address.js";

function read(url: string) {
  return readAddress(new Secret("DATABASE_URL", url));
}

test.for([
  ["postgres://ada:pw@db.example/shop", "db.example:5432/shop", "ada"],
  ["postgresql://ada%40corp:p%40ss@db.example:6432/sh%20op?sslmode=require", "db.example:6432/sh op", "ada@corp"],
  ["postgres://ada@[::1]:5433/shop", "[::1]:5433/shop", "ada"],
  ["postgres:///shop?host=/var/run/postgresql&user=ada", "/var/run/postgresql:5432/shop", "ada"],
] as const)("%s is %s", ([url, name, user]) => {
  expect(read(url)).toMatchObject({ name, user });
});

test("another database of the same server has the same user and password", () => {
  const address = read("postgres://ada:pw@db.example/shop?sslmode=require&application_name=mine");
  expect(address.of("other").name).toBe("db.example:5432/other");
  expect(address.of("other").reveal()).toBe("postgres://ada:pw@db.example/other?sslmode=require");
});

test("the schema of an address as Prisma writes it is where names are looked for", () => {
  const address = read("postgres://ada:pw@db.example/shop?schema=sales&sslmode=require");
  expect(address.schema).toBe("sales");
  expect(new URL(address.of("other").reveal()).searchParams.get("options")).toBe('-c search_path="sales"');
  expect(new URL(address.reveal()).searchParams.has("schema")).toBe(false);
  expect(read("postgres://ada:pw@db.example/shop?schema=public").reveal()).toBe("postgres://ada:pw@db.example/shop");
  expect(() => read('postgres://ada:pw@db.example/shop?schema=a"b')).toThrow(expect.objectContaining({ code: "POSTGRES_URL_INVALID" }));
});

test.for([
  "mysql://ada:qqzz@db.example/shop",
  "ada:qqzz@db.example/shop",
  "postgres://ada:qqzz",
  "postgres://ada:qqzz@/shop",
  "postgres://:qqzz@db.example/shop",
  "postgres://db.example/shop?password=qqzz",
  "postgres://ada:qqzz@db.example",
  "postgres://ada:qq@zz@db.example/shop",
  "postgres://ada:qq/zz@db.example/shop",
  "postgres://ada:1/qqzz@db.example/shop",
  "postgres://ada:1?qqzz@db.example/shop",
  "postgres://ada:qq#zz@db.example/shop",
  "postgres://ada:qqzz%@db.example/shop",
])("%s is refused, and nothing of it is quoted", (url) => {
  expect(() => read(url)).toThrow(expect.objectContaining({ code: "POSTGRES_URL_INVALID" }));
  try {
    read(url);
  } catch (error) {
    expect(`${JSON.stringify(error)} ${String(error)} ${inspect(error)}`.replaceAll(import.meta.filename, "")).not.toMatch(/qq|zz|ada:/);
  }
});
