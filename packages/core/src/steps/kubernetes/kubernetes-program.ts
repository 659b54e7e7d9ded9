import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { askProgram } from "../program/ask-program.js";
import { deploymentVariables } from "../program/deployment-variables.js";
import { findProgram } from "../program/find-program.js";
import { lastLines } from "../program/kept-output.js";
import { revealedVariables } from "../program/revealed-variables.js";
import { programVariables } from "../program/variables.js";
import type { KubernetesInput } from "./kubernetes-input.js";
import { readObjects, type KubernetesObject } from "./kubernetes-object.js";
import type { KubernetesSettings } from "./kubernetes-options.js";
import { fieldManager } from "./owned-fields.js";

/** `kubectl` at work in one cluster. Every method rejects with `KUBERNETES_UNREACHABLE` (retryable) where the cluster does not answer, with `KUBERNETES_CONFLICT`, and with `KUBERNETES_FAILED`. */
export interface KubernetesProgram {
  /** The address of the cluster; empty where the kubeconfig names none. */
  server(): Promise<string>;
  /** The objects as they would be after these files were applied. Changes nothing. */
  wouldBe(files: readonly string[]): Promise<readonly KubernetesObject[]>;
  /** The objects of these files that are there. */
  live(files: readonly string[]): Promise<readonly KubernetesObject[]>;
  apply(files: readonly string[], options: { readonly force: boolean }): Promise<void>;
  /** Deletes the objects of a file, and waits until they are gone. */
  delete(file: string): Promise<void>;
}

export interface KubernetesWork {
  readonly settings: KubernetesSettings;
  readonly context: Pick<PluginContext, "name" | "clock" | "redact">;
  readonly input: KubernetesInput;
  readonly call: StepCall;
}

/** Where a step keeps what is only its own. */
export async function workFolderOf({ settings, context, call }: KubernetesWork): Promise<string> {
  const folder = resolve(settings.workFolder, context.name, encodeURIComponent(call.environment));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export async function kubernetesIn(work: KubernetesWork): Promise<KubernetesProgram> {
  const { settings, context, input, call } = work;
  const folder = resolve(".");
  const variables = programVariables(settings.inherit, {
    ...revealedVariables(settings.env),
    ...deploymentVariables(call),
    // What it remembers of a cluster's kinds is of no use to others, and the home folder may be read-only.
    KUBECACHEDIR: join(await workFolderOf(work), "cache"),
  });
  const program = await findProgram(settings.program, { folder, path: variables["PATH"] ?? "" });
  const where = [
    ...(input.kubeconfig === undefined ? [] : [`--kubeconfig=${resolve(input.kubeconfig)}`]),
    ...(input.context === undefined ? [] : [`--context=${input.context}`]),
    ...(input.namespace === undefined ? [] : [`--namespace=${input.namespace}`]),
  ];

  const run = async (words: readonly string[], options: { readonly codes?: readonly number[]; readonly answers?: boolean } = {}) => {
    const { codes = [0], answers } = options;
    const { grace } = settings;
    const given = { argv: [program, ...words, ...where], folder, variables, grace, clock: context.clock, signal: call.signal } as const;
    const { code, text, kept } = await askProgram({ ...given, log: call.log, redact: context.redact, answers });
    if (codes.includes(code)) return text;
    throw failure({ command: `${basename(program)} ${words[0] ?? ""}`, code, output: lastLines(kept, 30) });
  };
  const ofFiles = (files: readonly string[]): readonly string[] => files.map((file) => `--filename=${resolve(file)}`);
  const applying = ["apply", "--server-side", `--field-manager=${fieldManager}`];
  const forcing = (force: boolean): readonly string[] => (force ? ["--force-conflicts"] : []);

  return {
    server: async () =>
      (
        await run(["config", "view", "--minify", "--output=jsonpath={.clusters[0].cluster.server}"], { codes: [0, 1], answers: true })
      ).trim(),
    async wouldBe(files) {
      const words = [...applying, ...forcing(input.forceConflicts), "--dry-run=server", "--output=json", ...ofFiles(files)];
      return objectsIn(await run(words, { answers: true }));
    },
    live: async (files) =>
      objectsIn(await run(["get", "--ignore-not-found", "--show-managed-fields", "--output=json", ...ofFiles(files)], { answers: true })),
    async apply(files, { force }) {
      await run([...applying, ...forcing(force), ...ofFiles(files)]);
    },
    async delete(file) {
      await run(["delete", "--ignore-not-found", "--wait=true", ...ofFiles([file])]);
    },
  };
}

/** An answer that is not understood may hold anything, so it is not quoted. A Secret is not looked at any further. */
function objectsIn(text: string): readonly KubernetesObject[] {
  let objects: readonly KubernetesObject[];
  try {
    objects = readObjects(text);
  } catch (error) {
    const problem =
      error instanceof z.ZodError ? error.issues.map(({ path, code }) => `${path.join(".")} (${code})`).join(", ") : "it is no JSON";
    throw fail(coreErrors, "KUBERNETES_ANSWER_STRANGE", { problem });
  }
  const found = objects.find(({ kind, document }) => kind === "Secret" && document["apiVersion"] === "v1");
  if (found !== undefined) throw fail(coreErrors, "KUBERNETES_SECRET", { place: found.address });
  return objects;
}

const unreachable =
  /connection refused|connection reset|no such host|i\/o timeout|TLS handshake timeout|unexpected EOF|: EOF|deadline exceeded|\(ServiceUnavailable\)|\(TooManyRequests\)|\(ServerTimeout\)|\(Timeout\)|\(InternalError\)|currently unable to handle the request|connection lost|too many requests/;

function failure(said: { readonly command: string; readonly code: number; readonly output: string }): Error {
  const conflicts = [...said.output.matchAll(/^\s*(?:error: )?Apply failed with \d+ conflicts?: (.*)$/gm)].map(([, text = ""]) => text);
  if (conflicts.length > 0) return fail(coreErrors, "KUBERNETES_CONFLICT", { conflicts });
  return fail(coreErrors, unreachable.test(said.output) ? "KUBERNETES_UNREACHABLE" : "KUBERNETES_FAILED", { ...said });
}
