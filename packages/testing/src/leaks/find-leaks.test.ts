import { describe, expect, it } from "vitest";
import { carriers } from "./carriers.js";
import { findLeaks } from "./find-leaks.js";

const canaries = {
  letters: "kJ8sQ2mWx0ZrT5vLpN3bHd7c",
  symbols: `p@"ss'w\\or<d>&%41+ /x=y?`,
  unicode: "пароль-ключ-密码-€ß-🔑z",
  lines: `-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7VJTU\n-----END PRIVATE KEY-----\n`,
};

async function leaksIn(text: string | Uint8Array, value: string, minimum?: number) {
  const options = { canaries: [{ name: "KEY", value }], texts: [{ source: "log", text }] };
  return findLeaks(minimum === undefined ? options : { ...options, minimum });
}

describe("findLeaks", () => {
  for (const [kind, value] of Object.entries(canaries)) {
    it.each(carriers)(`sees ${kind} carried as $name`, async ({ carry }) => {
      expect(await leaksIn(carry(value, "before the secret ", " and after it"), value)).toMatchObject([{ name: "KEY", source: "log" }]);
    });
  }

  it("sees nothing where the secret is not", async () => {
    for (const { carry } of carriers) expect(await leaksIn(carry("another text altogether", "x", "y"), canaries.letters)).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])("sees base64 that begins %i characters before, in text that is base64 too", async (length) => {
    const text = "abcdefgh".slice(0, length) + Buffer.from(canaries.symbols).toString("base64");
    expect(await leaksIn(text, canaries.symbols)).toHaveLength(1);
  });

  it("sees six bytes of a secret and not five", async () => {
    expect(await leaksIn(`x${canaries.letters.slice(4, 10)}!`, canaries.letters)).toMatchObject([{ bytes: 6, via: [] }]);
    expect(await leaksIn(`x${canaries.letters.slice(4, 9)}!`, canaries.letters)).toEqual([]);
  });

  it("sees fewer bytes if told so", async () => {
    expect(await leaksIn(`x${canaries.letters.slice(4, 8)}!`, canaries.letters, 4)).toMatchObject([{ bytes: 4 }]);
  });

  it("says how the secret was reached, how much of it, and what stood before it", async () => {
    const text = JSON.stringify({ url: `https://x/?k=${encodeURIComponent(`"${canaries.letters}`)}` });
    expect(await leaksIn(`%20${text}`, `"${canaries.letters}`)).toMatchObject([{ via: [], bytes: 24 }]);
    const [leak] = await leaksIn(`auth: ${Buffer.from(`me:${encodeURIComponent(canaries.symbols)}`).toString("base64")}`, canaries.symbols);
    expect(leak).toMatchObject({ via: ["base64", "percent"], bytes: canaries.symbols.length, before: "me:" });
  });

  it("reports each secret once per source, and keeps sources apart", async () => {
    const value = canaries.letters;
    const texts = [
      { source: "stdout", text: `${value} ${value} ${JSON.stringify(value)}` },
      { source: "stderr", text: "nothing" },
      { source: "journal", text: Buffer.from(`\u0000\u0001${value}\u0002`) },
    ];
    const leaks = await findLeaks({
      canaries: [
        { name: "A", value },
        { name: "B", value: canaries.symbols },
      ],
      texts,
    });
    expect(leaks.map(({ name, source }) => [name, source])).toEqual([
      ["A", "stdout"],
      ["A", "journal"],
    ]);
  });

  it("names every secret that a stretch belongs to", async () => {
    const canary = (name: string) => ({ name, value: canaries.letters });
    const leaks = await findLeaks({ canaries: [canary("A"), canary("B")], texts: [{ source: "log", text: canaries.letters }] });
    expect(leaks.map(({ name }) => name)).toEqual(["A", "B"]);
  });

  it("does not take the armor of a PEM file for a secret, nor one byte again and again", async () => {
    expect(await leaksIn("-----BEGIN PRIVATE KEY-----\n", canaries.lines)).toEqual([]);
    expect(await leaksIn("==========", "abc==========def")).toEqual([]);
  });

  it("reads texts as they come, and long ones across the places where it cuts them", async () => {
    const filler = "lorem ipsum dolor sit amet ".repeat(9_700);
    async function* dump() {
      for (let cut = 0; cut < 40; cut += 1)
        yield { source: String(cut), text: "x".repeat(cut) + filler.slice(0, 262_144 - 60) + canaries.letters + filler };
    }
    const leaks = await findLeaks({ canaries: [{ name: "KEY", value: canaries.letters }], texts: dump() });
    expect(leaks).toHaveLength(40);
  });
});
