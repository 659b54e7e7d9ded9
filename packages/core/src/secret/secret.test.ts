import { inspect } from "node:util";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { isSecret, isSecretReference, secret, Secret } from "./secret.js";

const value = "correct-horse-battery";

const printers: [string, (printed: unknown) => unknown][] = [
  ["String", (printed) => String(printed)],
  ["a template", (printed) => `<${printed as string}>`.slice(1, -1)],
  ["JSON", (printed) => JSON.stringify([printed]).slice(2, -2)],
  ["inspect", (printed) => inspect(printed)],
  ["inspect of hidden properties", (printed) => inspect([printed], { showHidden: true }).split(",")[0]?.slice(2)],
  ["join", (printed) => [printed].join()],
];

describe("Secret", () => {
  const password = new Secret("DATABASE_PASSWORD", value);

  it("gives its value to whoever asks for it by name", () => {
    expect(password.reveal()).toBe(value);
    expect(password.name).toBe("DATABASE_PASSWORD");
  });

  it.each(printers)("prints as its name in %s", (_, print) => {
    expect(print(password)).toBe("[secret DATABASE_PASSWORD]");
  });

  it("shows its value in no property", () => {
    const seen = Reflect.ownKeys(password).map((key) => String(Reflect.get(password, key)));
    expect(seen.join()).not.toContain(value);
    const copy = Object.assign({}, password);
    expect(JSON.stringify(copy) + inspect(copy)).not.toContain(value);
  });

  it("is neither cloned nor posted, and says so without its value", () => {
    expect(() => structuredClone(password)).toThrow(/could not be cloned/);
    const { port1, port2 } = new MessageChannel();
    expect(() => port1.postMessage({ password })).toThrow(expect.not.stringContaining(value));
    port1.close();
    port2.close();
  });

  it("cannot be changed", () => {
    expect(() => Object.assign(password, { reveal: () => "other" })).toThrow(TypeError);
  });

  it("is told from everything else", () => {
    expect(isSecret(password)).toBe(true);
    for (const other of [value, null, undefined, {}, { name: "A", reveal: () => value }, secret("A")]) expect(isSecret(other)).toBe(false);
  });
});

describe("secret", () => {
  it("is a frozen name", () => {
    expect(secret("SLACK_URL").name).toBe("SLACK_URL");
    expect(Object.isFrozen(secret("SLACK_URL"))).toBe(true);
  });

  it.each(printers)("prints as such in %s", (_, print) => {
    expect(print(secret("SLACK_URL"))).toBe("[secret SLACK_URL]");
  });

  it("has nothing but the name for those who go through its properties", () => {
    expect(Object.entries(secret("A"))).toEqual([["name", "A"]]);
    expect(structuredClone(secret("A"))).toEqual({ name: "A" });
  });

  it("is told from everything else", () => {
    expect(isSecretReference(secret("A"))).toBe(true);
    for (const other of ["A", null, undefined, { name: "A" }, new Secret("A", value)]) expect(isSecretReference(other)).toBe(false);
  });

  it.each(["DATABASE_URL", "_x", "op://vault/item/field", "path.to-it@3"])("takes the name %s", (name) => {
    expect(secret(name).name).toBe(name);
  });

  it.each(["", "1A", "A B", "A]", "A\n", 'A"', "ключ", "A".repeat(201)])("refuses the name %j with a hint", (name) => {
    expect(() => secret(name)).toThrow(
      expect.objectContaining({ code: "SECRET_NAME_INVALID", hint: expect.stringContaining("DATABASE_URL") }),
    );
    expect(() => new Secret(name, value)).toThrow(expect.objectContaining({ code: "SECRET_NAME_INVALID" }));
  });
});
