import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createVercelEmulator, type VercelEmulator } from "@fairlead/testing/emulators";
import { publishedShapes } from "./published-shapes.js";

let emulator: VercelEmulator;
let deploymentId: string;
const ajv = new Ajv2020({ allErrors: true, strict: false });

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  const headers = { authorization: `Bearer ${emulator.token}` };
  const response = await fetch(emulator.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return response.json();
}

beforeAll(async () => {
  emulator = await createVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example"] }],
    settings: { build: "0ms", move: "0ms", checks: "succeeded" },
  }).listen();
  const files = [{ file: "index.html", data: "one" }];
  const made = await api("POST", "/v13/deployments", { name: "shop", target: "production", files, meta: { a: "b" }, env: { A: "1" } });
  deploymentId = (made as { id: string }).id;
  const staged = await api("POST", "/v13/deployments", { name: "shop", target: "production", files, autoAssignCustomDomains: false });
  await fetch(`${emulator.url}/v10/projects/shop/promote/${(staged as { id: string }).id}`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}` },
  });
});

afterAll(() => emulator.stop());

it.each<[keyof typeof publishedShapes, string, string, unknown?]>([
  ["deployment", "POST", "/v13/deployments", { name: "shop", files: [{ file: "index.html", data: "two" }] }],
  ["deployment", "GET", "/v13/deployments/:deployment"],
  ["deploymentList", "GET", "/v6/deployments?projectId=shop&limit=1"],
  ["deploymentList", "GET", "/v7/deployments"],
  ["project", "GET", "/v9/projects/shop?rollbackInfo=true"],
  ["project", "GET", "/v9/projects/shop"],
  ["project", "POST", "/v11/projects", { name: "another" }],
  ["alias", "GET", "/v4/aliases/shop.example"],
  ["assignedAlias", "POST", "/v2/deployments/:deployment/aliases", { alias: "other.example" }],
  ["events", "GET", "/v3/deployments/:deployment/events"],
  ["domains", "GET", "/v9/projects/shop/domains"],
  ["checks", "GET", "/v1/deployments/:deployment/checks"],
  ["error", "GET", "/v13/deployments/dpl_none"],
  ["error", "GET", "/v9/unheard-of"],
])("answers %s on %s %s as Vercel publishes it", async (shape, method, path, body) => {
  const answer = await api(method, path.replace(":deployment", deploymentId), body);
  const validate = ajv.compile(publishedShapes[shape]);
  expect(validate(answer) ? [] : validate.errors).toEqual([]);
});
