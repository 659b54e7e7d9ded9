import { describe, expect, it } from "vitest";
import { createRedactor } from "./redactor.js";

const key = "kJ8sQ2mWx0ZrT5vLpN3bHd7c";

function streaming() {
  const redactor = createRedactor();
  redactor.register("KEY", key);
  return redactor.stream();
}

describe("a redacting stream", () => {
  it("lets a whole line out at once", () => {
    expect(streaming().write("step 3 of 7 done\n")).toBe("step 3 of 7 done\n");
  });

  it("keeps back only what may be the beginning of a secret", () => {
    const stream = streaming();
    expect(stream.write(`token ${key.slice(0, 10)}`)).toBe("token ");
    expect(stream.write(`${key.slice(10)} is gone`)).toBe("[redacted:KEY] is gone");
    expect(stream.end()).toBe("");
  });

  it("lets a secret out as soon as it is whole", () => {
    expect(streaming().write(`token ${key}`)).toBe("token [redacted:KEY]");
  });

  it("keeps the longest of its forms back up to the last character", () => {
    const stream = streaming();
    const hex = Buffer.from(key).toString("hex");
    expect(stream.write(hex.slice(0, -1))).toBe("");
    expect(stream.write(hex.slice(-1))).toBe("[redacted:KEY]");
  });

  it("cuts no escape in two", () => {
    const redactor = createRedactor();
    redactor.register("KEY", 'nab"cdef');
    const stream = redactor.stream();
    expect(stream.write("\\nab") + stream.write('\\"cdef') + stream.end()).toBe('\\nab\\"cdef');
    expect(redactor.text('\\nab\\"cdef')).toBe('\\nab\\"cdef');
  });

  it("lets out what turned out to be none", () => {
    const stream = streaming();
    expect(stream.write(key.slice(0, 10))).toBe("");
    expect(stream.write("! no")).toBe(`${key.slice(0, 10)}! no`);
  });

  it("lets out what it kept when the text ends", () => {
    const stream = streaming();
    stream.write(`x${key.slice(0, 5)}`);
    expect(stream.end()).toBe(key.slice(0, 5));
    expect(stream.end()).toBe("");
  });

  it("joins characters whose bytes come apart", () => {
    const stream = streaming();
    const bytes = Buffer.from(`größer 🔑 ${key}`);
    const out = Array.from(bytes, (byte) => stream.write(Uint8Array.of(byte))).join("");
    expect(out + stream.end()).toBe("größer 🔑 [redacted:KEY]");
  });

  it("sees a secret behind an escape that is cut", () => {
    const stream = streaming();
    const escaped = Array.from(key, (character) => `\\u00${character.charCodeAt(0).toString(16)}`).join("");
    const out = stream.write(`"${escaped.slice(0, 15)}`) + stream.write(`${escaped.slice(15)}"`) + stream.end();
    expect(out).toBe('"[redacted:KEY]"');
  });

  it("lets no mask be taken for the beginning of one", () => {
    const stream = streaming();
    expect(stream.write("[redacted:KE")).toBe("");
    expect(stream.write("Y] and [redacted:NO")).toBe("[redacted:KEY] and [redacted:NO");
  });
});
