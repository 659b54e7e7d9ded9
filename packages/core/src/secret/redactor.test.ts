import { describe, expect, it } from "vitest";
import { createRedactor } from "./redactor.js";

const mask = "[redacted:KEY]";

function knowing(value: string, name = "KEY") {
  const redactor = createRedactor();
  redactor.register(name, value);
  return redactor;
}

describe("register", () => {
  it("refuses what is too short to mask, unless forced", () => {
    const redactor = createRedactor();
    expect(redactor.register("PIN", "12345")).toEqual({ registered: false, reason: "too-short" });
    expect(redactor.register("PIN", "")).toEqual({ registered: false, reason: "empty" });
    expect(redactor.register("PIN", "", { force: true })).toEqual({ registered: false, reason: "empty" });
    expect(redactor.text("12345")).toBe("12345");
    expect(redactor.size).toBe(0);
    expect(redactor.register("PIN", "12345", { force: true })).toEqual({ registered: true, warning: "short" });
    expect(redactor.text("a 12345 b 123456")).toBe("a [redacted:PIN] b [redacted:PIN]6");
    expect(redactor.size).toBe(1);
  });

  it.each([1, 2, 3, 4, 5])("masks a forced secret of %i characters, and its own masks never", (length) => {
    const redactor = createRedactor();
    redactor.register("E", "redac".slice(0, length), { force: true });
    const once = redactor.text("we redacted it");
    expect(once).toBe(`we ${length === 1 ? "[redacted:E]edacted" : `[redacted:E]${"redacted".slice(length)}`} it`);
    expect(redactor.text(once)).toBe(once);
  });

  it.each(["postgres", "true-story", "Production", "12345678", "aaaaaaaaaaaa", "abababababab"])(
    "warns that %s is an ordinary text",
    (value) => {
      expect(createRedactor().register("KEY", value)).toEqual({ registered: true, warning: "ordinary" });
    },
  );

  it.each(["kJ8sQ2mWx0Zr", "correct-horse-battery-staple", "4929871023345510", "p@ss w0rd"])("does not warn of %s", (value) => {
    expect(createRedactor().register("KEY", value)).toEqual({ registered: true });
  });

  it("takes several values for a name, and several names", () => {
    const redactor = createRedactor();
    redactor.register("KEY", "old-value-1");
    redactor.register("KEY", "new-value-2");
    redactor.register("OTHER", "third-value-3");
    expect(redactor.text("old-value-1 new-value-2 third-value-3")).toBe(`${mask} ${mask} [redacted:OTHER]`);
    expect(redactor.size).toBe(2);
  });

  it("names the secret that the text is, not one that it is a part of", () => {
    const redactor = createRedactor();
    redactor.register("DATABASE_URL", "postgres://app:s3cret-pass@db/shop");
    redactor.register("DATABASE_PASSWORD", "s3cret-pass");
    expect(redactor.text("s3cret-pass")).toBe("[redacted:DATABASE_PASSWORD]");
    expect(redactor.text("postgres://app:s3cret-pass@db/shop")).toBe("[redacted:DATABASE_URL]");
  });

  it("refuses a name that a mask could not hold", () => {
    expect(() => createRedactor().register("a]b", "some-value")).toThrow(expect.objectContaining({ code: "SECRET_NAME_INVALID" }));
  });

  it("refuses what would be more than it can look for", () => {
    const redactor = createRedactor();
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${String(index * 7919)} of a long file`).join("\n");
    expect(redactor.register("FILE", lines)).toEqual({ registered: false, reason: "too-many-patterns" });
    expect(redactor.size).toBe(0);
  });

  it("keeps what one redactor knows from every other", () => {
    knowing("some-value-1");
    expect(createRedactor().text("some-value-1")).toBe("some-value-1");
  });
});

describe("text", () => {
  it("gives back the very text that holds no secret", () => {
    const { text } = knowing("some-value-1");
    expect(text("nothing here, not even some-value")).toBe("nothing here, not even some-value");
    expect(text("")).toBe("");
  });

  it("leaves everything around a secret as it was, and JSON valid", () => {
    const { text } = knowing('say "x\\y"');
    const json = JSON.stringify({ before: 'a "quoted" text', password: 'say "x\\y"', nested: JSON.stringify({ key: 'say "x\\y"' }) });
    expect(JSON.parse(text(json))).toEqual({ before: 'a "quoted" text', password: mask, nested: `{"key":"${mask}"}` });
  });

  it("masks secrets that overlap as one", () => {
    const redactor = createRedactor();
    redactor.register("A", "abcdefgh12345678");
    redactor.register("B", "12345678zyxwvutsrq");
    expect(redactor.text("<abcdefgh12345678zyxwvutsrq>")).toBe("<[redacted:B]>");
    expect(redactor.text("<12345678zyxwvutsrq|abcdefgh12345678>")).toBe("<[redacted:B]|[redacted:A]>");
  });

  it("masks a secret in its own repetition whole", () => {
    expect(knowing("abcabcabc").text("-abcabcabcabcab-")).toBe(`-${mask}ab-`);
  });

  it("finds a secret that only shows once another one is gone", () => {
    const redactor = createRedactor();
    redactor.register("A", "abcdef\\");
    redactor.register("B", 'nghi"jkl');
    expect(redactor.text('<abcdef\\nghi\\"jkl>')).toBe("<[redacted:A][redacted:B]>");
  });

  it("masks what a secret that holds escapes becomes when somebody undoes them", () => {
    expect(knowing("pa%24s\\u0041word").text("pa$s\\u0041word pa%24sAword pa$sAword")).toBe(`${mask} ${mask} ${mask}`);
  });

  it.each([
    ["password of an address", "postgres://shop:hunter%2Bx7@db.example.com/shop", ["hunter%2Bx7", "hunter+x7"]],
    ["unescaped password of an address", "postgres://shop:hun/ter@x7@db.example.com/shop", ["hun/ter@x7"]],
    ["user that is a key", "https://0f3a9c77d1e24b58@errors.example.com/3", ["0f3a9c77d1e24b58"]],
    ["query value", "https://logic.example.com/run?api-version=2016-10-01&sig=Zk3_w9-LmQ", ["Zk3_w9-LmQ"]],
    [
      "path of a webhook",
      "https://hooks.example.com/services/T0AB12CD3/B0EF45GH6/kJ8sQ2mWx0ZrT5vLpN3bHd7c",
      ["T0AB12CD3", "kJ8sQ2mWx0ZrT5vLpN3bHd7c"],
    ],
    ["member of JSON", '{"type":"service_account","client":{"secret":"xY-12_ab"},"pin":93847561}', ["xY-12_ab", "93847561"]],
    ["line of a file", "first line of it\r\n  second line of it\n", ["first line of it", "second line of it"]],
    ["value without the line end of its file", "some-value-1\n", ["some-value-1"]],
    ["value without the blanks around it", "  x7-Ab!q ", ["x7-Ab!q"]],
    ["key in JSON in JSON", JSON.stringify(JSON.stringify({ key: "xY-12_ab" })), ["xY-12_ab"]],
  ])("masks alone: %s", (_, value, parts) => {
    const { text } = knowing(value);
    for (const part of parts) expect(text(`it is ${part}.`)).toBe(`it is ${mask}.`);
  });

  it.each([
    [
      "scheme, host, database, common user",
      "postgres://postgres:hunter-x7@db.example.com/shop?sslmode=require",
      "postgres db.example.com shop require",
    ],
    ["common word in JSON", '{"type":"service_account","key":"xY-12_ab"}', "service_account"],
    [
      "armor of a PEM file",
      "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n-----END PRIVATE KEY-----\n",
      "-----BEGIN PRIVATE KEY-----",
    ],
    ["path of an address that has a password", "https://user:hunter-x7@example.com/release2024notes", "release2024notes"],
  ])("leaves alone: %s", (_, value, parts) => {
    const { text } = knowing(value);
    expect(text(parts)).toBe(parts);
  });

  it("finds a secret wherever it stands in a long text", () => {
    const { text } = knowing("some-value-1");
    const filler = '{"message":"nothing to see"}\n'.repeat(3_000);
    for (const at of [0, 32_767, 32_760, 65_536, filler.length]) {
      expect(text(`${filler.slice(0, at)}some-value-1${filler.slice(at)}`)).toBe(filler.slice(0, at) + mask + filler.slice(at));
    }
  });

  it("masks nothing in ordinary lines, whatever it knows", () => {
    const redactor = createRedactor();
    for (let index = 0; index < 50; index += 1) {
      const random = (salt: number) => ((index + 1) * 7_919 * salt * 104_729).toString(36);
      redactor.register(`URL_${String(index)}`, `postgres://shop:${random(3)}x${random(5)}@db.example.com:5432/shop?sslmode=require`);
      redactor.register(`TOKEN_${String(index)}`, `sk_live_${random(7)}${random(11)}`);
      redactor.register(`SYMBOLS_${String(index)}`, `${random(13)}"+%'\\ ${random(17)}`);
      redactor.register(
        `JSON_${String(index)}`,
        JSON.stringify({ type: "service_account", project_id: "shop", private_key: random(19) + random(23) }),
      );
    }
    const changed = ordinaryLines(10_000).filter((line) => redactor.text(line) !== line);
    expect(changed).toEqual([]);
  });
});

/** What deployments, servers, databases, containers and build tools print; the same for every run. */
function ordinaryLines(count: number): string[] {
  const hex = (index: number, length: number) =>
    Array.from({ length }, (_, place) => ((index * 31 + place * place * 17 + 7) % 16).toString(16)).join("");
  const base64 = (index: number) => Buffer.from(hex(index, 40), "hex").toString("base64");
  const templates: readonly ((index: number) => string)[] = [
    (index) =>
      `2026-11-21T04:${String(index % 60).padStart(2, "0")}:07.${String(index % 1000).padStart(3, "0")}Z INFO deployment dep_${hex(index, 12)} step promote succeeded in ${String(index)} ms`,
    (index) =>
      JSON.stringify({
        level: 30,
        time: 1_795_000_000_000 + index,
        pid: index,
        hostname: "web-1",
        msg: "request completed",
        req: { method: "GET", url: `/api/orders/${String(index)}?page=2&sort=%2Bcreated` },
        responseTime: index / 7,
      }),
    (index) =>
      `10.0.${String(index % 256)}.7 - - [21/Nov/2026:04:12:33 +0000] "POST /api/deploy HTTP/1.1" 202 ${String(index)} "https://example.com/?q=a%20b" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"`,
    (index) =>
      `LOG:  duration: ${String(index / 3)} ms  statement: SELECT "id", 'it''s' FROM "orders" WHERE tenant = $1 -- ${String(index)}`,
    (index) => `Step ${String(index % 20)}/20 : RUN npm ci --omit=dev && node dist/worker.js # sha256:${hex(index, 64)}`,
    (index) => `    at deploy (file:///app/packages/core/src/engine/run-step.ts:${String(index)}:17)`,
    (index) =>
      `Error: connect ECONNREFUSED 127.0.0.1:${String(1024 + index)} { errno: -111, code: 'ECONNREFUSED', syscall: 'connect', url: 'postgres://shop:[redacted:URL_1]@db.example.com:5432/shop' }`,
    (index) => `commit ${hex(index, 40)} Merge pull request #${String(index)} from team/feature-${String(index)}: don't "retry" & log`,
    (index) =>
      `{"body":"{\\"user\\":\\"customer ${String(index)}\\",\\"note\\":\\"caf\\u00e9 \\\\n\\"}","etag":"W/\\"${base64(index)}\\""}`,
    (index) =>
      `integrity sha512-${base64(index)}${base64(index + 1)}== resolved "https://registry.example.com/pkg/-/pkg-${String(index)}.0.1.tgz"`,
    (index) => `<Check name="database" status="up" latency="${String(index)}">Tom &amp; Jerry&#39;s &lt;shop&gt;</Check>`,
    (index) =>
      `worker-${String(index % 9)}  | [${"#".repeat(index % 30)}${".".repeat(30 - (index % 30))}] ${String(index % 100)}% C:\\\\app\\\\new\\\\table`,
  ];
  return Array.from({ length: count }, (_, index) => templates[index % templates.length]!(index));
}
