import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import * as z from "zod";
import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import { isSecret } from "../../secret/secret.js";
import { askProgram } from "../program/ask-program.js";
import { deploymentVariables } from "../program/deployment-variables.js";
import { findProgram } from "../program/find-program.js";
import { lastLines } from "../program/kept-output.js";
import { revealedVariables } from "../program/revealed-variables.js";
import { programVariables } from "../program/variables.js";
import { lockIn } from "./lock-message.js";
import { summarizePlan, type PlanSummary } from "./plan-summary.js";
import type { StateVersion, TerraformInput } from "./terraform-input.js";
import type { TerraformSettings } from "./terraform-options.js";

/** A root module at work in one folder. Every method rejects with `TERRAFORM_LOCKED` (retryable) while somebody else holds the state, and with `TERRAFORM_FAILED`. */
export interface TerraformProgram {
  /** Makes the folder ready: backend, modules, providers, workspace. */
  init(): Promise<void>;
  /** Plans into a file and answers whether there is anything to do. */
  plan(file: string): Promise<boolean>;
  /** Whether what there is differs from the configuration. Keeps no plan. */
  differs(): Promise<boolean>;
  show(file: string): Promise<PlanSummary>;
  /** Applies exactly this file. */
  apply(file: string): Promise<void>;
  state(): Promise<StateVersion>;
  outputs(): Promise<Readonly<Record<string, { readonly sensitive: boolean; readonly value: Json }>>>;
}

export interface TerraformWork {
  readonly settings: TerraformSettings;
  readonly context: Pick<PluginContext, "name" | "clock" | "redact">;
  readonly input: Pick<TerraformInput, "folder" | "workspace" | "variables" | "varFiles" | "backend">;
  readonly call: StepCall;
}

/** Where a step keeps what is only its own. */
export async function workFolderOf({ settings, context, call }: Omit<TerraformWork, "input">): Promise<string> {
  const folder = resolve(settings.workFolder, context.name, encodeURIComponent(call.environment));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export async function terraformIn(work: TerraformWork): Promise<TerraformProgram> {
  const { settings, context, input, call } = work;
  const folder = resolve(input.folder);
  const data = join(await workFolderOf(work), "data", createHash("sha256").update(folder).digest("hex").slice(0, 12));
  const variables = programVariables(settings.inherit, {
    ...revealedVariables(settings.env),
    ...Object.fromEntries(Object.entries(revealedJson(work)).map(([name, value]) => [`TF_VAR_${name}`, value])),
    ...deploymentVariables(call),
    TF_DATA_DIR: data,
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
  });
  const program = await programOf(settings.program, { folder, path: variables["PATH"] ?? "" });
  const lock = `-lock-timeout=${String(Math.ceil(settings.lockTimeout / 1_000))}s`;
  const varFiles = input.varFiles.map((file) => `-var-file=${file}`);
  const planning = ["-input=false", "-no-color", "-detailed-exitcode", lock, ...varFiles];

  /** Runs a command and answers its exit code, and what it wrote if that is an answer and not for people. */
  const run = async (words: readonly string[], options: { readonly codes?: readonly number[]; readonly answers?: boolean } = {}) => {
    const { codes = [0], answers = false } = options;
    const { code, text, kept } = await askProgram({
      argv: [program, ...words],
      folder,
      variables,
      tells: "program",
      grace: settings.grace,
      clock: context.clock,
      signal: call.signal,
      log: call.log,
      redact: context.redact,
      answers,
    });
    if (!codes.includes(code))
      throw failure(work, { command: `${basename(program)} ${words[0] ?? ""}`, code, output: lastLines(kept, 30) });
    return { code, text };
  };

  return {
    async init() {
      const backend = Object.entries(input.backend).map(([name, value]) => `-backend-config=${name}=${value}`);
      await run(["init", "-input=false", "-no-color", "-reconfigure", lock, ...backend]);
      if (input.workspace !== undefined) await run(["workspace", "select", "-no-color", "-or-create", input.workspace]);
    },
    plan: async (file) => (await run(["plan", ...planning, `-out=${file}`], { codes: [0, 2] })).code === 2,
    differs: async () => (await run(["plan", ...planning], { codes: [0, 2] })).code === 2,
    async show(file) {
      const { text } = await run(["show", "-json", "-no-color", file], { answers: true });
      return understood("show", () => summarizePlan(text));
    },
    async apply(file) {
      await run(["apply", "-input=false", "-no-color", lock, file]);
    },
    async state() {
      const { text } = await run(["state", "pull"], { answers: true });
      if (text.trim() === "") return { serial: 0, lineage: "" };
      return understood("state pull", () => z.object({ serial: z.number(), lineage: z.string() }).parse(JSON.parse(text)));
    },
    async outputs() {
      const { text } = await run(["output", "-json", "-no-color"], { answers: true });
      return understood("output", () =>
        z.record(z.string(), z.object({ sensitive: z.boolean(), value: z.json() })).parse(JSON.parse(text)),
      );
    },
  };
}

/** The digest of a plan's file. Throws `TERRAFORM_PLAN_GONE`. */
export async function fileDigest(file: string): Promise<string> {
  try {
    return `sha256:${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")}`;
  } catch {
    throw fail(coreErrors, "TERRAFORM_PLAN_GONE", { file });
  }
}

async function programOf(program: string | undefined, where: { readonly folder: string; readonly path: string }): Promise<string> {
  // A path is meant from where the deployment is started, as the folder is.
  if (program !== undefined) return findProgram(program.includes("/") ? resolve(program) : program, where);
  return findProgram("terraform", where).catch(() => findProgram("tofu", where).catch(() => findProgram("terraform", where)));
}

function failure({ input }: TerraformWork, said: { readonly command: string; readonly code: number; readonly output: string }): Error {
  const held = lockIn(said.output);
  if (held !== undefined) return fail(coreErrors, "TERRAFORM_LOCKED", { folder: input.folder, ...held });
  return fail(coreErrors, "TERRAFORM_FAILED", { ...said });
}

/** An answer that is not understood may hold anything, so it is not quoted. */
function understood<Result>(command: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const places =
      error instanceof z.ZodError ? error.issues.map(({ path, code }) => `${path.join(".")} (${code})`).join(", ") : "it is no JSON";
    throw fail(coreErrors, "TERRAFORM_ANSWER_STRANGE", { command, problem: places });
  }
}

/** Input variables as the program reads them from its environment. */
function revealedJson({ settings, input }: TerraformWork): Readonly<Record<string, string>> {
  const plain = Object.entries(input.variables).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const secrets = Object.entries(settings.variables).flatMap(([name, value]) => (isSecret(value) ? [[name, value.reveal()]] : []));
  return Object.fromEntries([...plain, ...secrets]) as Readonly<Record<string, string>>;
}
