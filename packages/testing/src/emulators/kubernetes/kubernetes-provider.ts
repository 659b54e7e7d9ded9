import { setTimeout as sleep } from "node:timers/promises";
import type { Json, JsonObject } from "@fairlead/core";
import type { EmulatorFrame } from "../shared/http-exchange.js";
import {
  jsonAnswer,
  readJson,
  type ActContext,
  type ControlledState,
  type HttpProvider,
  type ProviderAnswer,
  type ProviderCall,
} from "../shared/provider.js";
import { discoveryAt } from "./discovery.js";
import { isObject } from "./fields.js";
import { apiVersionOf, servedKinds, type ServedKind } from "./kinds.js";
import { kubernetesSettingsSchema, type KubernetesSettings } from "./kubernetes-options.js";
import { createObjects, documentOf, textOf, withDefaults, type Address, type StoredObject } from "./objects.js";
import { applyTo, replaceWith, type Written } from "./ownership.js";
import { Refusal, statusDocument } from "./refusal.js";
import { statusOf } from "./rollout.js";

/** Between two looks of a watch, in milliseconds. */
const watchEvery = 50;

/** The part of the Kubernetes API that clients need to apply, read, watch and delete objects. */
export function createKubernetesProvider(
  options: { readonly namespaces: readonly string[]; readonly settings: KubernetesSettings },
  { clock }: Pick<EmulatorFrame, "clock">,
): HttpProvider & ControlledState {
  let settings = options.settings;
  const objects = createObjects(clock.now);
  const fill = (): void => {
    const served = servedKinds.find(({ kind }) => kind === "Namespace");
    if (served === undefined) return;
    for (const name of ["default", ...options.namespaces])
      objects.put({ served, namespace: "", name }, { object: {}, owners: [] }, { dryRun: false, effect: () => undefined });
  };
  fill();

  const view = (stored: StoredObject): JsonObject =>
    documentOf(stored, statusOf({ ...stored, kind: stored.served.kind }, clock.now(), settings));
  const find = (address: Address): StoredObject => {
    const found = objects.get(address);
    if (found === undefined) throw notFound(address);
    return found;
  };
  const write = (address: Address, written: Written, call: ProviderCall, { effect }: ActContext): StoredObject => {
    const { served, namespace } = address;
    if (served.namespaced && !objects.all().some((one) => one.served.kind === "Namespace" && one.name === namespace))
      throw new Refusal(404, "NotFound", `namespaces "${namespace}" not found`, { name: namespace, kind: "namespaces" });
    const object = withDefaults({ ...written.object, kind: served.kind }, objects.get(address)?.object);
    return objects.put(address, { ...written, object }, { dryRun: call.query.get("dryRun") === "All", effect });
  };
  const whoOf = (call: ProviderCall, operation: "Apply" | "Update") => ({
    manager: call.query.get("fieldManager") ?? (call.headers["user-agent"] ?? "unknown").split("/")[0] ?? "unknown",
    operation,
    time: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z"),
  });

  const apply = (address: Address, call: ProviderCall, context: ActContext): ProviderAnswer => {
    if (call.query.get("fieldManager") === null)
      throw new Refusal(
        422,
        "Invalid",
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      );
    const live = objects.get(address);
    const result = applyTo(live, bodyOf(call), { who: whoOf(call, "Apply"), force: call.query.get("force") === "true" });
    if ("conflicts" in result) throw conflict(result.conflicts);
    return jsonAnswer(live === undefined ? 201 : 200, view(write(address, result, call, context)));
  };
  const replace = (address: Address, call: ProviderCall, context: ActContext): ProviderAnswer => {
    const live = find(address);
    const body = bodyOf(call);
    const version = isObject(body["metadata"]) ? body["metadata"]["resourceVersion"] : undefined;
    if (version !== undefined && version !== String(live.version)) {
      const text = `Operation cannot be fulfilled on ${address.served.plural} "${address.name}": the object has been modified; please apply your changes to the latest version and try again`;
      throw new Refusal(409, "Conflict", text);
    }
    return jsonAnswer(200, view(write(address, replaceWith(live, contentOf(body), whoOf(call, "Update")), call, context)));
  };
  const patch = (address: Address, call: ProviderCall, context: ActContext): ProviderAnswer => {
    const type = call.headers["content-type"] ?? "";
    if (type.startsWith("application/apply-patch+yaml")) return apply(address, call, context);
    // For objects as simple as these a strategic merge patch that does not touch lists is a merge patch.
    if (!/^application\/(strategic-)?merge-patch\+json/.test(type))
      throw new Refusal(415, "UnsupportedMediaType", `the body of the request was in an unknown format - ${type}`);
    const live = find(address);
    const object = merged(live.object, bodyOf(call));
    return jsonAnswer(
      200,
      view(write(address, replaceWith(live, contentOf(isObject(object) ? object : {}), whoOf(call, "Update")), call, context)),
    );
  };
  const create = (target: Target, call: ProviderCall, context: ActContext): ProviderAnswer => {
    const body = bodyOf(call);
    const name = isObject(body["metadata"]) ? body["metadata"]["name"] : undefined;
    if (typeof name !== "string") throw new Refusal(422, "Invalid", "metadata.name: Required value: name is required");
    const address = { ...target, name };
    if (objects.get(address) !== undefined) throw new Refusal(409, "AlreadyExists", `${target.served.plural} "${name}" already exists`);
    return jsonAnswer(201, view(write(address, replaceWith(undefined, contentOf(body), whoOf(call, "Update")), call, context)));
  };
  const remove = (address: Address, call: ProviderCall, { effect }: ActContext): ProviderAnswer => {
    const found = find(address);
    if (call.query.get("dryRun") !== "All") objects.remove(found, effect);
    const details = { name: address.name, group: address.served.group, kind: address.served.plural, uid: found.uid };
    return jsonAnswer(200, { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
  };
  const list = ({ served, namespace }: Target, call: ProviderCall): ProviderAnswer => {
    const wanted = /metadata\.name=([^,]+)/.exec(call.query.get("fieldSelector") ?? "")?.[1];
    const read = (): readonly StoredObject[] =>
      objects.list(served, namespace).filter(({ name }) => wanted === undefined || name === wanted);
    if (call.query.get("watch") === "true" || call.query.get("watch") === "1")
      return { status: 200, headers: { "content-type": "application/json" }, body: watch(read, call) };
    const metadata = { resourceVersion: String(objects.version()) };
    return jsonAnswer(200, { kind: `${served.kind}List`, apiVersion: apiVersionOf(served), metadata, items: read().map(view) });
  };
  async function* watch(read: () => readonly StoredObject[], call: ProviderCall): AsyncGenerator<string> {
    const known = new Map<string, JsonObject>();
    const since = call.query.get("resourceVersion") ?? "0";
    for (const one of since === "0" ? [] : read()) if (one.version <= Number(since)) known.set(textOf(one), {});
    const until = Date.now() + 1_000 * Number(call.query.get("timeoutSeconds") ?? "300");
    while (Date.now() < until) {
      const now = new Map(read().map((one) => [textOf(one), view(one)]));
      for (const [text, object] of now) {
        const before = known.get(text);
        if (before !== undefined && JSON.stringify(before) === JSON.stringify(object)) continue;
        known.set(text, object);
        yield `${JSON.stringify({ type: before === undefined ? "ADDED" : "MODIFIED", object })}\n`;
      }
      for (const [text, object] of known) {
        if (now.has(text)) continue;
        known.delete(text);
        yield `${JSON.stringify({ type: "DELETED", object })}\n`;
      }
      await sleep(watchEvery);
    }
  }

  const answer = (call: ProviderCall, context: ActContext): ProviderAnswer => {
    const about = call.method === "GET" ? discoveryAt(call.path) : undefined;
    if (about !== undefined) return jsonAnswer(200, about);
    const target = targetOf(call.path);
    if (target === undefined) throw new Refusal(404, "NotFound", "the server could not find the requested resource");
    const { name } = target;
    if (name === undefined) {
      if (call.method === "POST") return create(target, call, context);
      if (call.method === "GET") return list(target, call);
    } else {
      const address = { ...target, name };
      if (call.method === "GET") return jsonAnswer(200, view(find(address)));
      if (call.method === "PATCH") return patch(address, call, context);
      if (call.method === "PUT") return replace(address, call, context);
      if (call.method === "DELETE") return remove(address, call, context);
    }
    throw new Refusal(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  };

  return {
    identify(call) {
      const served = targetOf(call.path)?.served;
      const what = served === undefined ? "discovery" : `${served.plural.replace(/e?s$/, "")}.${operationOf(call)}`;
      return { operation: what, authorized: true, path: call.path, digestOnly: served?.kind === "Secret" };
    },
    act(call, context) {
      try {
        return answer(call, context);
      } catch (error) {
        if (error instanceof Refusal) return jsonAnswer(error.code, statusDocument(error));
        throw error;
      }
    },
    refuse({ status, retryAfter, body }) {
      const headers: Readonly<Record<string, string>> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      if (typeof body === "string") return { status, headers, body };
      const text =
        status === 429
          ? "the server has received too many requests and has asked us to try again later"
          : `the server answered ${String(status)}`;
      const reason =
        status === 429 ? "TooManyRequests" : status === 503 ? "ServiceUnavailable" : status === 403 ? "Forbidden" : "InternalError";
      return jsonAnswer(status, body ?? statusDocument({ code: status, reason, message: text, details: {} }), headers);
    },
    ledger: () => ({}),
    state: () => ({
      settings: { ...settings },
      objects: objects
        .all()
        .filter(({ served }) => served.kind !== "Secret")
        .map(view),
    }),
    configure(change) {
      settings = kubernetesSettingsSchema.parse({ ...settings, ...(change as Partial<KubernetesSettings>) });
      return { ...settings };
    },
    snapshot: () => objects.snapshot(),
    restore(snapshot) {
      objects.restore((snapshot as ReturnType<typeof objects.snapshot> | undefined) ?? []);
      if (snapshot === undefined) fill();
    },
  };
}

interface Target {
  readonly served: ServedKind;
  readonly namespace: string;
  readonly name?: string;
}

/** What a path is about; `undefined` where nothing of that kind is served. */
function targetOf(path: string): Target | undefined {
  const match = /^\/(?:api|apis\/(?<group>[^/]+))\/v1(?<rest>\/.*)$/.exec(path);
  const { group = "", rest = "" } = match?.groups ?? {};
  const inside = /^\/namespaces\/(?<namespace>[^/]+)\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?$/.exec(rest)?.groups;
  const outside = /^\/(?<plural>[a-z]+)(?:\/(?<name>[^/]+))?$/.exec(rest)?.groups;
  const { plural, namespace = "", name } = inside ?? outside ?? {};
  const served = servedKinds.find((one) => one.group === group && one.plural === plural);
  if (served === undefined) return undefined;
  return { served, namespace, ...(name === undefined ? {} : { name: decodeURIComponent(name) }) };
}

function operationOf({ method, query, headers }: ProviderCall): string {
  const dry = query.get("dryRun") === "All" ? "-dry" : "";
  if (method === "PATCH") return `${(headers["content-type"] ?? "").includes("apply-patch") ? "apply" : "patch"}${dry}`;
  const names: Readonly<Record<string, string>> = {
    GET: query.has("watch") ? "watch" : "get",
    POST: "create",
    PUT: "update",
    DELETE: "delete",
  };
  return `${names[method] ?? method.toLowerCase()}${dry}`;
}

function bodyOf(call: ProviderCall): JsonObject {
  const body = readJson(call.body) as Json | undefined;
  // YAML is what the real one takes besides; the clients that this one stands in for send JSON.
  if (!isObject(body)) throw new Refusal(400, "BadRequest", "error decoding: the emulator reads JSON alone");
  return body;
}

/** What of a document is kept. */
function contentOf(body: JsonObject): JsonObject {
  const metadata = isObject(body["metadata"]) ? body["metadata"] : {};
  const own = new Set(["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "name", "namespace"]);
  const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => !own.has(name)));
  const { status: _, ...content } = body;
  return { ...content, metadata: kept };
}

function merged(before: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: { [name: string]: Json | undefined } = { ...(isObject(before) ? before : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, name);
    else if (value !== undefined) result[name] = merged(result[name], value);
  }
  return result;
}

function notFound({ served, name }: Address): Refusal {
  const what = `${served.plural}${served.group === "" ? "" : `.${served.group}`}`;
  return new Refusal(404, "NotFound", `${what} "${name}" not found`, { name, group: served.group, kind: served.plural });
}

function conflict(conflicts: readonly { readonly manager: string; readonly operation: string; readonly field: string }[]): Refusal {
  const messageOf = ({ manager }: { readonly manager: string }): string => `conflict with "${manager}"`;
  const causes = conflicts.map((one) => ({ reason: "FieldManagerConflict", message: messageOf(one), field: one.field }));
  const text = causes.map(({ message, field }) => `${message}: ${field}`).join(", ");
  const amount = causes.length === 1 ? "1 conflict" : `${String(causes.length)} conflicts`;
  return new Refusal(409, "Conflict", `Apply failed with ${amount}: ${text}`, { causes });
}
