import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Json, JsonObject } from "@fairlead/core";
import { isObject } from "../kubernetes/fields.js";
import { ask, placeOf, type ManifestObject } from "./cluster-client.js";
import { KubectlRefusal } from "./kubectl-refusal.js";

// Stands for `kubectl` where it is not installed: the commands and flags that Fairlead uses, their answers and exit codes. Refuses what it does not know.

const flagsOf: Readonly<Record<string, readonly string[]>> = {
  apply: ["server-side", "field-manager", "force-conflicts", "dry-run", "output", "filename"],
  get: ["ignore-not-found", "show-managed-fields", "output", "filename"],
  delete: ["ignore-not-found", "wait", "filename"],
  config: ["minify", "output"],
};
const everywhere = ["kubeconfig", "context", "namespace"];

interface Call {
  readonly command: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly files: readonly string[];
}

function readCall(words: readonly string[]): Call {
  const [command = ""] = words;
  const known = flagsOf[command];
  if (known === undefined) throw new KubectlRefusal(`error: unknown command "${command}" for "kubectl"`);
  const given = words
    .slice(1)
    .filter((word) => word.startsWith("--"))
    .map((word): [string, string] => {
      const [name = "", ...rest] = word.slice(2).split("=");
      return [name, rest.length === 0 ? "true" : rest.join("=")];
    });
  const unknown = given.find(([name]) => !known.includes(name) && !everywhere.includes(name));
  if (unknown !== undefined) throw new KubectlRefusal(`error: unknown flag: --${unknown[0]}`);
  return { command, flags: new Map(given), files: given.flatMap(([name, value]) => (name === "filename" ? [value] : [])) };
}

interface Cluster {
  readonly server: string;
  readonly namespace: string;
}

function clusterOf({ flags }: Call): Cluster {
  const config = JSON.parse(readFileSync(flags.get("kubeconfig") ?? process.env["KUBECONFIG"] ?? "", "utf8")) as {
    readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
    readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string; readonly namespace?: string } }[];
    readonly "current-context": string;
  };
  const wanted = flags.get("context") ?? config["current-context"];
  const context = config.contexts.find(({ name }) => name === wanted)?.context;
  if (context === undefined) throw new KubectlRefusal(`error: context "${wanted}" does not exist`);
  const server = config.clusters.find(({ name }) => name === context.cluster)?.cluster.server ?? "";
  return { server, namespace: flags.get("namespace") ?? context.namespace ?? "default" };
}

function objectsIn(files: readonly string[], namespace: string): readonly ManifestObject[] {
  const all = files.flatMap((file) =>
    statSync(file).isDirectory()
      ? readdirSync(file)
          .sort()
          .map((name) => join(file, name))
      : [file],
  );
  return all.flatMap((file) => {
    const documents = readFileSync(file, "utf8")
      .split(/^---$/m)
      .flatMap((text) => (text.trim() === "" ? [] : [JSON.parse(text) as Json]));
    return documents.filter(isObject).map((document) => placeOf(document, namespace));
  });
}

function print(objects: readonly JsonObject[], isList: boolean): void {
  if (objects.length === 0) return;
  process.stdout.write(JSON.stringify(isList ? { apiVersion: "v1", kind: "List", items: objects } : objects[0], null, 4));
}

/** Does it for each, goes on where one is refused, and answers how many were. */
async function each(objects: readonly ManifestObject[], act: (object: ManifestObject) => Promise<void>): Promise<number> {
  let refused = 0;
  for (const object of objects) {
    try {
      await act(object);
    } catch (error) {
      if (!(error instanceof KubectlRefusal)) throw error;
      refused += 1;
      process.stderr.write(`${error.message}\n`);
    }
  }
  return refused;
}

async function apply({ flags }: Call, { server }: Cluster, objects: readonly ManifestObject[]): Promise<number> {
  const query = new URLSearchParams({ fieldManager: flags.get("field-manager") ?? "kubectl", fieldValidation: "Strict" });
  if (flags.has("force-conflicts")) query.set("force", "true");
  if (flags.get("dry-run") === "server") query.set("dryRun", "All");
  const isJson = flags.get("output") === "json";
  const answers: JsonObject[] = [];
  const refused = await each(objects, async ({ path, document, text }) => {
    const answer = await ask(server, "PATCH", `${path}?${query.toString()}`, { type: "application/apply-patch+yaml", value: document });
    if (answer !== undefined) answers.push(answer);
    if (!isJson) process.stdout.write(`${text} serverside-applied\n`);
  });
  if (isJson) print(answers, objects.length > 1);
  return refused === 0 ? 0 : 1;
}

async function get({ server }: Cluster, objects: readonly ManifestObject[]): Promise<number> {
  const answers: JsonObject[] = [];
  const refused = await each(objects, async ({ path }) => {
    const answer = await ask(server, "GET", path);
    if (answer !== undefined) answers.push(answer);
  });
  print(answers, objects.length > 1);
  return refused === 0 ? 0 : 1;
}

async function remove({ server }: Cluster, objects: readonly ManifestObject[]): Promise<number> {
  const refused = await each(objects, async ({ path, text }) => {
    if ((await ask(server, "GET", path)) === undefined) return;
    await ask(server, "DELETE", path);
    process.stdout.write(`${text} deleted\n`);
    while ((await ask(server, "GET", path)) !== undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  return refused === 0 ? 0 : 1;
}

async function perform(words: readonly string[]): Promise<number> {
  const call = readCall(words);
  const cluster = clusterOf(call);
  if (call.command === "config") {
    process.stdout.write(cluster.server);
    return 0;
  }
  const objects = objectsIn(call.files, cluster.namespace);
  if (call.command === "apply") return apply(call, cluster, objects);
  return call.command === "get" ? get(cluster, objects) : remove(cluster, objects);
}

async function main(words: readonly string[]): Promise<number> {
  try {
    return await perform(words);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

// Without a command it was imported, not started.
if (process.argv.length > 2) process.exitCode = await main(process.argv.slice(2));
