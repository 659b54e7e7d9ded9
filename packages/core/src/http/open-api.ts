import * as z from "zod";
import type { JsonObject } from "../json/json.js";
import { problem } from "./deploy/schemas.js";
import { jsonReply } from "./exchange.js";
import { healthMediaType } from "./health-media.js";
import { healthAnswerSchemas } from "./health-schemas.js";
import { defineRoute, type Route } from "./route.js";

const version = "3.1.1";

/** The document of a surface, OpenAPI 3.1: made from the schemas that check requests. */
export function toOpenApi(
  routes: readonly Route[],
  { title, base, hasHealth }: { readonly title: string; readonly base: string; readonly hasHealth: boolean },
): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  if (hasHealth)
    for (const [path, described] of Object.entries(healthAnswerSchemas))
      paths[`${base}${path}`] = { get: healthOperation(path, described) };
  for (const route of routes) {
    const path = route.place === "root" ? route.path : `${base}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: version,
    info: { title, version: "1" },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" }, basic: { type: "http", scheme: "basic" } },
      schemas: { Problem: schemaOf(problem, "output") },
      responses: {
        Problem: {
          description: "What is wrong, and what to do now (RFC 9457)",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

/** `/openapi.json`, which tells of itself too. */
export function openApiRoute(document: () => JsonObject): Route {
  let made: JsonObject | undefined;
  return defineRoute({
    id: "openapi",
    method: "GET",
    path: "/openapi.json",
    permission: "openapi.read",
    summary: "This document.",
    answers: { 200: { description: "The document of the surface", schema: z.looseObject({ openapi: z.string() }) } },
    answer: () => jsonReply(200, (made ??= document()), { "cache-control": "no-cache" }),
  });
}

function operationOf({ id, summary, permission, parameters, query, body, encoding = "json", answers, onError }: Route): JsonObject {
  const media = encoding === "form" ? "application/x-www-form-urlencoded" : "application/json";
  return {
    operationId: id,
    summary,
    ...(permission === "public"
      ? { security: [] }
      : { security: [{ bearer: [] }, { basic: [] }], description: `Needs the permission \`${permission}\`.` }),
    parameters: [...parametersOf("path", parameters), ...parametersOf("query", query)],
    ...(body === undefined ? {} : { requestBody: { required: true, content: { [media]: { schema: schemaOf(body, "input") } } } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)])),
      default: onError === undefined ? { $ref: "#/components/responses/Problem" } : problemPage,
    },
  };
}

const problemPage: JsonObject = { description: "A page that says what is wrong, and what to do now", content: { "text/html": {} } };

function responseOf({ description, schema, contentType = "application/json", otherType }: Route["answers"][number]): JsonObject {
  if (contentType === "application/problem+json") return { $ref: "#/components/responses/Problem" };
  const isEmpty = schema === undefined && contentType === "application/json";
  if (isEmpty) return { description };
  const own = { [contentType]: schema === undefined ? {} : { schema: schemaOf(schema, "output") } };
  return { description, content: { ...own, ...(otherType === undefined ? {} : { [otherType]: {} }) } };
}

function parametersOf(where: "path" | "query", schema: z.ZodType | undefined): readonly JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    readonly properties?: Readonly<Record<string, JsonObject>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function healthOperation(
  path: string,
  { id, summary, schema, hasDraft = false, isCached = false }: (typeof healthAnswerSchemas)[string],
): JsonObject {
  const content = { "application/json": { schema: schemaOf(schema, "output") }, ...(hasDraft ? { [healthMediaType]: {} } : {}) };
  const unchanged = isCached ? { 304: { description: "What the client has is as it is now" } } : {};
  return {
    operationId: id,
    summary,
    parameters: path.includes("{name}") ? [{ name: "name", in: "path", required: true, schema: { type: "string" } }] : [],
    security: [],
    responses: { 200: { description: "Well enough to serve", content }, ...unchanged, 503: { description: "Not", content } },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io }) as JsonObject;
  return rest;
}
