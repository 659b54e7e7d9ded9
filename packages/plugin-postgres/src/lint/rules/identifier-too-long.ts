import type { Rule } from "../rule.js";

export const identifierTooLong: Rule = {
  id: "identifier-too-long",
  elsewhere: ["squawk identifier-too-long", "pgroll name-length"],
  concern: "names",
  why: "The server cuts names behind 63 bytes and says nothing.",
  recipe: "Choose a shorter name.",
  examples: {
    bad: "create table aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (id bigint)",
    good: "create table short (id bigint)",
  },
  check: ({ node, text }) =>
    (/\S{60}/.test(text) ? [...new Set(namesIn(node))] : [])
      .filter((name) => Buffer.byteLength(name) >= 60 && isCut(text, name))
      .map((name) => ({ what: `the name ${name.slice(0, 20)}… is cut behind 63 bytes` })),
};

/** The parser cuts it as the server does; what is written goes on. */
function isCut(text: string, name: string): boolean {
  const index = text.toLowerCase().indexOf(name.toLowerCase());
  return index !== -1 && /^[\p{L}\p{N}_$]/u.test(text.slice(index + name.length));
}

const named = new Set(["relname", "colname", "idxname", "conname", "newname", "typname", "schemaname", "trigname", "policy_name"]);

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    named.has(key) && typeof member === "string" ? [member] : namesIn(member),
  );
}
