import { readFileSync } from "node:fs";
import { createMessageSink, type MessageSink } from "@fairlead/testing/emulators";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let sink: MessageSink;
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
ajv.addSchema(JSON.parse(readFileSync(new URL("./discord-openapi.json", import.meta.url), "utf8")) as object, "discord");

function problems(schema: string, value: unknown): unknown {
  const validate = ajv.compile({ $ref: `discord#/components/schemas/${schema}` });
  return validate(value) ? [] : validate.errors;
}

beforeAll(async () => {
  sink = await createMessageSink().listen();
});

afterAll(() => sink.stop());

async function post(body: unknown, url = `${sink.discordUrl}?wait=true`, method = "POST"): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, json: await response.json() };
}

describe("the Discord webhook answers as Discord's OpenAPI document says", () => {
  it("to a message, its edit, a reading and a look at the webhook", async () => {
    const embeds = [
      {
        title: "shop",
        url: "https://shop.example",
        color: 0x00ff00,
        fields: [{ name: "release", value: "2", inline: true }],
        footer: { text: "f" },
      },
    ];
    const posted = await post({ content: "deploying", embeds });
    expect(problems("MessageResponse", posted.json)).toEqual([]);
    const message = `${sink.discordUrl}/messages/${(posted.json as { id: string }).id}`;
    expect(problems("MessageResponse", (await post({ content: "deployed" }, message, "PATCH")).json)).toEqual([]);
    expect(problems("MessageResponse", (await post(undefined, message, "GET")).json)).toEqual([]);
    expect(problems("GuildIncomingWebhookResponse", (await post(undefined, sink.discordUrl, "GET")).json)).toEqual([]);
  });

  it("to a mistake and to too many requests", async () => {
    expect(problems("ErrorResponse", (await post({})).json)).toEqual([]);
    const tooLong = (await post({ embeds: [{ title: "x".repeat(257) }] })).json;
    expect(problems("Error", tooLong)).toEqual([]);
    // The document gives these inner codes a number; the API reference and the API itself a word.
    expect(tooLong).toMatchObject({ code: 50_035, errors: { embeds: { 0: { title: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH" }] } } } } });
    await sink.fault({ kind: "status", status: 429, retryAfter: 0.5 });
    expect(problems("RatelimitedResponse", (await post({ content: "a" })).json)).toEqual([]);
  });
});

it.each<[string, unknown]>([
  ["content at its limit", { content: "x".repeat(2_000) }],
  ["content over it", { content: "x".repeat(2_001) }],
  ["10 embeds", { embeds: Array.from({ length: 10 }, () => ({ title: "x" })) }],
  ["11 embeds", { embeds: Array.from({ length: 11 }, () => ({ title: "x" })) }],
  ["a title at its limit", { embeds: [{ title: "x".repeat(256) }] }],
  ["a title over it", { embeds: [{ title: "x".repeat(257) }] }],
  ["a description at its limit", { embeds: [{ description: "x".repeat(4_096) }] }],
  ["a description over it", { embeds: [{ description: "x".repeat(4_097) }] }],
  ["25 fields", { embeds: [{ fields: Array.from({ length: 25 }, () => ({ name: "a", value: "b" })) }] }],
  ["26 fields", { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: "a", value: "b" })) }] }],
  ["a field's name over its limit", { embeds: [{ fields: [{ name: "x".repeat(257), value: "b" }] }] }],
  ["a field's value over its limit", { embeds: [{ fields: [{ name: "a", value: "x".repeat(1_025) }] }] }],
  ["a footer over its limit", { embeds: [{ title: "a", footer: { text: "x".repeat(2_049) } }] }],
  ["a color out of range", { embeds: [{ title: "a", color: 0x1000000 }] }],
  ["nobody mentioned", { content: "a", allowed_mentions: { parse: [] } }],
  ["an unheard-of mention", { content: "a", allowed_mentions: { parse: ["aliens"] } }],
  ["a user name over its limit", { content: "a", username: "x".repeat(81) }],
])("takes or refuses %s as Discord's OpenAPI document does", async (_name, body) => {
  const fits = JSON.stringify(problems("IncomingWebhookRequestPartial", body)) === "[]";
  expect((await post(body)).status).toBe(fits ? 200 : 400);
});
