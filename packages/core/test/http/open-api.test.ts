import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { beforeAll, expect, test } from "vitest";
import { createHealth, defineCheck } from "../../src/health.js";
import { bearerTokens, createHttp } from "../../src/http.js";
import { createTeam } from "../deployer/team.js";

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response & { readonly $ref?: string }>>;
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>>; readonly schemas: object };
}

const token = "ada-0123456789-0123456789";
const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
const http = createHttp({
  deployer: watching,
  health: createHealth({ release: "rel_42", checks: [defineCheck({ name: "database", run: () => ({ status: "up" }) })] }),
  authenticate: bearerTokens([{ id: "ada", token }]),
  metrics: {},
});
const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  http.fetch(
    new Request(`https://shop.example${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": body instanceof URLSearchParams ? "application/x-www-form-urlencoded" : "application/json",
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body.toString() : JSON.stringify(body) }),
    }),
  );

let document: Document;
beforeAll(async () => {
  document = (await (await send("GET", "/api/openapi.json")).json()) as Document;
});

/** Answers as ajv sees them by the document alone. */
const validated = new Set<string>();
async function ask(operation: string, path: string, body?: object, headers?: Record<string, string>) {
  const [route = "", method = "", described] = find(operation);
  const answer = await send(method.toUpperCase(), path, body, headers);
  const text = await answer.text();
  const response = described?.responses[String(answer.status)] ?? described?.responses["default"];
  const { content } = response?.$ref === undefined ? (response ?? {}) : (document.components.responses["Problem"] ?? {});
  const type = (answer.headers.get("content-type") ?? "").split(";", 1)[0] ?? "";
  validated.add(operation);
  if (content === undefined) {
    expect(text, `${operation} ${route}`).toBe("");
    return { status: answer.status, body: {} as Record<string, unknown> };
  }
  expect(Object.keys(content), operation).toContain(type);
  const schema = content[type]?.schema;
  if (schema === undefined) return { status: answer.status, body: {} as Record<string, unknown> };
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  const validate = ajv.compile({ ...schema, components: document.components });
  const parsed = JSON.parse(text) as Record<string, unknown>;
  expect([operation, validate(parsed), validate.errors]).toEqual([operation, true, null]);
  return { status: answer.status, body: parsed };
}

function find(operation: string): readonly [string, string, Operation] | [] {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, described] of Object.entries(methods)) if (described.operationId === operation) return [path, method, described];
  return [];
}

test("is a document of OpenAPI 3.1", async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
  expect(result).toMatchObject({ valid: true });
  expect(Object.keys(document.paths)).toEqual(http.paths);
});

test("every answer is as the document says", async () => {
  const trigger = { environment: "development", source: "shop:1" };
  await ask("health.named", "/api/health/database");
  for (const path of ["", ".ready", ".live", ".startup"]) await ask(`health${path}`, `/api/health${path.replace(".", "/")}`);
  const { body } = await ask("deployments.trigger", "/api/deploy/trigger", trigger, { "idempotency-key": "one" });
  await ask("deployments.trigger", "/api/deploy/trigger", trigger, { "idempotency-key": "one" });
  await ask("deployments.trigger", "/api/deploy/trigger", { environment: 7 });
  await ask("deployments.trigger", "/api/deploy/trigger", { environment: "moon" });
  const id = String(body["deploymentId"]);
  await ask("deployments.status", `/api/deploy/status/${id}`);
  await using worker = createWorker();
  await worker.work({ untilIdle: true });
  await ask("deployments.status", `/api/deploy/status/${id}`);
  await ask("deployments.approve", `/api/deploy/approve/${id}`, {});
  await worker.work({ untilIdle: true });
  await ask("deployments.status", `/api/deploy/status/${id}`);
  await ask("deployments.status", "/api/deploy/status/unknown");
  await ask("deployments.events", `/api/deploy/events/${id}`);
  await ask("deployments.events", `/api/deploy/events/${id}?after=999.999`);
  await ask("deployments.abort", `/api/deploy/abort/${id}`, {});
  await ask("deployments.reject", `/api/deploy/reject/${id}`, {});
  const { body: back } = await ask("deployments.rollback", "/api/deploy/rollback", { environment: "development" });
  await worker.work({ untilIdle: true });
  await ask("deployments.status", `/api/deploy/status/${String(back["deploymentId"])}`);
  await ask("deployments.history", "/api/deploy/history?limit=1");
  await ask("deployments.history", "/api/deploy/history?limit=x");
  await ask("deployments.page.list", "/deployments");
  await ask("deployments.page.list", "/deployments?environment=");
  await ask("deployments.page.one", `/deployments/${id}`);
  await ask("deployments.page.one", "/deployments/unknown");
  await ask("deployments.page.log", `/deployments/${id}/log`);
  await ask("deployments.page.rollback", "/deployments/rollback?environment=development");
  for (const word of ["approve", "reject", "abort"])
    await ask(`deployments.page.${word}`, `/deployments/${id}/${word}`, new URLSearchParams());
  const second = await ask("deployments.trigger", "/api/deploy/trigger", { ...trigger, source: "shop:2" });
  await worker.work({ untilIdle: true });
  const approval = new URLSearchParams({ reason: "fine" });
  await ask("deployments.page.approve", `/deployments/${String(second.body["deploymentId"])}/approve`, approval);
  const { release } = await watching.status("development", { live: false });
  const from = release?.release.id ?? "";
  const rollback = new URLSearchParams({ environment: "development", to: "rel_before", from, key: "one" });
  await ask("deployments.page.roll-back", "/deployments/rollback", rollback);
  await ask("fairlead.tick", "/api/fairlead/tick");
  await ask("metrics", "/metrics");
  await ask("openapi", "/api/openapi.json");
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));

  expect([...validated].sort()).toEqual([...all].sort());
  await watching.close();
});
