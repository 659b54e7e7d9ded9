import { describe, expect, it } from "vitest";
import { canonicalJson, digestOf } from "./canonical-json.js";
import type { Json } from "./json.js";

describe("canonical JSON", () => {
  it("is the same for equal values, in whatever order their members were set", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }], a: "x" })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  });

  it("leaves out what is absent", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(canonicalJson(undefined)).toBe("null");
  });

  it("keeps a member called __proto__, so that nothing can be added to what was digested", () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
    expect(digestOf(JSON.parse(text) as Json)).not.toBe(digestOf({ b: 2 }));
  });

  it("is digested as UTF-8", () => {
    // printf '"é"' | sha256sum
    expect(digestOf("é")).toBe("sha256:f2886017e9c7abacf804b54d64787dce2b611c9544ba21f3affdd126a6e50086");
  });
});
