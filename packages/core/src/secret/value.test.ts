import { describe, expect, it } from "vitest";
import { createRedactor } from "./redactor.js";
import { Secret } from "./secret.js";

const key = "kJ8sQ2mWx0ZrT5vLpN3bHd7c";
const mask = "[redacted:KEY]";
const redactor = createRedactor();
redactor.register("KEY", key);
redactor.register("PIN", "9384756120");

describe("value", () => {
  it("gives back the very value in which nothing matched", () => {
    const value = {
      text: "nothing",
      list: [1, null, undefined, true, { deep: new Map([["a", new Set([1])]]) }],
      at: new Date(0),
      url: new URL("https://example.com/a"),
      bytes: Buffer.from("nothing"),
      secret: new Secret("KEY", key),
      run: () => key,
      instance: new (class Job {
        readonly id = 7;
      })(),
    };
    expect(redactor.value(value)).toBe(value);
  });

  it("masks texts and keys at any depth, in a copy", () => {
    const value = { list: [`a ${key}`, { [`k ${key}`]: 1 }], ["__proto__"]: key, same: "same" };
    const before = structuredClone(value);
    const safe = redactor.value(value);
    expect(JSON.stringify(safe)).toBe(`{"list":["a ${mask}",{"k ${mask}":1}],"__proto__":"${mask}","same":"same"}`);
    expect(value).toEqual(before);
  });

  it("keeps both of two keys that are masked alike", () => {
    expect(redactor.value({ [key]: 1, [Buffer.from(key).toString("hex")]: 2 })).toEqual({ [mask]: 1, [`${mask}#2`]: 2 });
  });

  it("masks numbers that are secrets", () => {
    expect(redactor.value({ pin: 9_384_756_120, big: 9_384_756_120n, other: 12 })).toEqual({
      pin: "[redacted:PIN]",
      big: "[redacted:PIN]",
      other: 12,
    });
  });

  it("masks what is in maps, sets, addresses and bytes", () => {
    const safe = redactor.value({
      map: new Map([[key, { value: key }]]),
      set: new Set([key, "other"]),
      url: new URL(`https://user:${key}@example.com/`),
      bytes: Buffer.from(`x${key}`),
      view: new DataView(new TextEncoder().encode(key).buffer),
      shared: sharedBytes(key),
    });
    expect(safe.map).toEqual(new Map([[mask, { value: mask }]]));
    expect(safe.set).toEqual(new Set([mask, "other"]));
    expect(safe.url).toBe(`https://user:${mask}@example.com/`);
    expect(Buffer.from(safe.bytes).toString()).toBe(`x${mask}`);
    expect(new TextDecoder().decode(safe.view)).toBe(mask);
    expect(new TextDecoder().decode(safe.shared)).toBe(mask);
  });

  it("sees an instance as JSON would", () => {
    const job = { toJSON: () => ({ token: key, at: 1 }) };
    class Connection {
      readonly password = key;
    }
    expect(redactor.value({ job, connection: new Connection() })).toEqual({ job: { token: mask, at: 1 }, connection: { password: mask } });
  });

  it("sees an instance that is its own JSON", () => {
    class Job {
      readonly token: string;
      constructor(token: string) {
        this.token = token;
      }
      toJSON() {
        return this;
      }
    }
    const clean = new Job("none");
    expect(redactor.value([clean, new Job(key)])).toEqual([clean, { token: mask }]);
  });

  it("leaves the rest of a value that had to be copied as it is", () => {
    const rest = { at: new Date(0), url: new URL("https://example.com"), list: [1] };
    const safe = redactor.value({ key, ...rest });
    expect(safe.at).toBe(rest.at);
    expect(safe.url).toBe(rest.url);
    expect(safe.list).toBe(rest.list);
  });

  it("copies what contains itself", () => {
    const value: Record<string, unknown> = { key };
    value["self"] = value;
    value["list"] = [value];
    const safe = redactor.value(value);
    expect(safe["key"]).toBe(mask);
    expect(safe["self"]).toBe(safe);
    expect(safe["list"]).toEqual([safe]);
    const clean: Record<string, unknown> = { text: "nothing" };
    clean["self"] = clean;
    expect(redactor.value(clean)).toBe(clean);
  });

  it("survives what throws when it is looked at, and hands none of it on", () => {
    const value = {
      get broken(): string {
        throw new Error(key);
      },
      unreadable: {
        key,
        toJSON() {
          throw new Error(key);
        },
      },
    };
    const traps = [new Proxy({}, { ownKeys: () => fail(key) }), new Proxy(new Error("x"), { getPrototypeOf: () => fail(key) })];
    expect(redactor.value({ key, value, traps })).toEqual({
      key: mask,
      value: { broken: "[unreadable]", unreadable: "[unreadable]" },
      traps: ["[unreadable]", "[unreadable]"],
    });
  });

  it("does not follow nesting without end", () => {
    const endless = (): unknown => ({ toJSON: () => ({ key, next: endless() }) });
    const safe = JSON.stringify(redactor.value(endless()));
    expect(safe).toContain("[nested too deeply]");
    expect(safe).not.toContain(key);
    let clean: unknown = "nothing to mask";
    for (let level = 0; level < 300; level += 1) clean = [clean];
    expect(JSON.stringify(redactor.value(clean))).toContain("[nested too deeply]");
    let deep: unknown = key;
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect(JSON.stringify(redactor.value(deep))).not.toContain(key);
  });
});

describe("error", () => {
  it("masks name, message, stack and own properties", () => {
    const error = Object.assign(new TypeError(`bad ${key}`), { code: "E_BAD", detail: { key }, [key]: 1 });
    const safe = redactor.error(error);
    expect(safe).toMatchObject({ name: "TypeError", message: `bad ${mask}`, code: "E_BAD", detail: { key: mask }, [mask]: 1 });
    expect(safe.stack).toMatch(/^TypeError: bad \[redacted:KEY\]\n\s+at /);
    expect(JSON.stringify(safe)).not.toContain(key);
  });

  it("masks causes and inner errors, also where they lead back", () => {
    const cause = new Error(`cause ${key}`);
    const error = new AggregateError([new Error(`one ${key}`), `two ${key}`], `all ${key}`, { cause });
    cause.cause = error;
    const safe = redactor.error(error);
    expect(safe).toMatchObject({ name: "AggregateError", message: `all ${mask}`, errors: [{ message: `one ${mask}` }, `two ${mask}`] });
    expect(safe.cause).toMatchObject({ name: "Error", message: `cause ${mask}` });
    expect(safe.cause).toHaveProperty("cause", "[circular]");
    expect(JSON.stringify(safe)).not.toContain(key);
  });

  it("drops requests, responses, options and other live objects", () => {
    class Socket {
      readonly key = key;
    }
    const live = {
      request: { headers: { key } },
      response: new Response(key),
      options: { key },
      config: { key },
      socket: new Socket(),
      retry: () => key,
    };
    const safe = redactor.error(Object.assign(new Error("failed"), live, { status: 503, options_used: ["a"] }));
    expect(Object.keys(safe).toSorted()).toEqual(["message", "name", "options_used", "stack", "status"]);
  });

  it.each([
    ["a text", `thrown ${key}`, `thrown ${mask}`],
    ["nothing", undefined, "undefined"],
    ["an object", { key }, `{"key":"${mask}"}`],
    ["an object that cannot be printed", { toJSON: () => 1n }, "[unreadable]"],
  ])("describes %s that was thrown", (_, thrown, message) => {
    expect(redactor.error(thrown)).toEqual({ name: "Error", message });
  });

  it("is what becomes of an error inside of a value", () => {
    const safe = redactor.value({ errors: [new Error(`bad ${key}`)] });
    expect(JSON.parse(JSON.stringify(safe))).toMatchObject({ errors: [{ name: "Error", message: `bad ${mask}` }] });
  });
});

function sharedBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length));
  bytes.set(new TextEncoder().encode(text));
  return bytes;
}

function fail(message: string): never {
  throw new Error(message);
}
