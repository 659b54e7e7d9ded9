import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { applyChanges } from "./apply-changes.js";
import { hasChanges, planChanges, readPlan, shownPlan, writePlan, type SavedPlan } from "./changes.js";
import { backendPathOf, readConfiguration } from "./configuration.js";
import { withLock } from "./lock.js";
import { refuse } from "./refusal.js";
import { readState, statePath } from "./state-file.js";

// The program `terraform` as far as a deployment calls it: its commands, flags, exit codes, files and JSON. It is started by a script that `installTerraformEmulator` writes.
const folder = process.cwd();
const dataFolder = resolve(process.env["TF_DATA_DIR"] ?? ".terraform");
const [command = "", ...words] = process.argv.slice(2);
const flag = (name: string): string | undefined => words.find((word) => word.startsWith(`-${name}=`))?.slice(name.length + 2);
const has = (name: string): boolean => words.includes(`-${name}`);
const plain = words.filter((word) => !word.startsWith("-"));

const interruption = new AbortController();
process.on("SIGTERM", () => {
  console.log("\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n");
  interruption.abort("interrupted");
});

const backendFile = join(dataFolder, "backend");
const workspaceFile = join(dataFolder, "environment");
const readOr = (file: string, otherwise: string): string => (existsSync(file) ? readFileSync(file, "utf8") : otherwise);
const workspace = (): string => readOr(workspaceFile, "default");
const state = (): string => statePath(folder, workspace(), readOr(backendFile, "terraform.tfstate"));

function variables(): Readonly<Record<string, string>> {
  const given = Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith("TF_VAR_") && value !== undefined ? [[name.slice("TF_VAR_".length), value] as const] : [],
  );
  const files = words
    .filter((word) => word.startsWith("-var-file="))
    .map((word) => JSON.parse(readFileSync(resolve(folder, word.slice("-var-file=".length)), "utf8")) as Readonly<Record<string, unknown>>);
  const listed = Object.entries(Object.assign({}, ...files) as Readonly<Record<string, unknown>>);
  return Object.fromEntries([
    ...given,
    ...listed.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)] as const),
  ]);
}

function requireInit(): void {
  if (!existsSync(backendFile)) refuse('Backend initialization required, please run "terraform init"');
}

function planHere(): SavedPlan {
  return planChanges(readConfiguration(folder, variables()), readState(state()));
}

function say({ changes, outputs }: SavedPlan): void {
  const marks = { "no-op": " ", create: "+", update: "~", delete: "-" } as const;
  for (const { actions, resource } of changes) {
    if (actions.includes("no-op")) continue;
    console.log(`  # ${resource.address}`);
    console.log(
      `  ${actions.map((one) => marks[one]).join("/")} input = ${resource.sensitive ? "(sensitive value)" : JSON.stringify(resource.input)}`,
    );
  }
  for (const [name, { value, sensitive, changes: differs }] of Object.entries(outputs)) {
    if (differs) console.log(`  ~ ${name} = ${sensitive ? "(sensitive value)" : JSON.stringify(value)}`);
  }
}

const lockTimeout = Number.parseInt(flag("lock-timeout") ?? "0", 10) * 1_000;
const locked = <Result>(operation: string, work: () => Promise<Result>): Promise<Result> =>
  withLock(state(), { operation, timeout: lockTimeout }, work);

const commands: Readonly<Record<string, () => Promise<number> | number>> = {
  init: () => {
    mkdirSync(dataFolder, { recursive: true });
    const given = words.find((word) => word.startsWith("-backend-config=path="))?.slice("-backend-config=path=".length);
    writeFileSync(backendFile, given ?? backendPathOf(folder) ?? "terraform.tfstate");
    console.log("Terraform has been successfully initialized!");
    return 0;
  },
  workspace: () => {
    requireInit();
    const name = plain[1] ?? refuse("Expected a name");
    if (plain[0] !== "select") refuse(`The emulator has no command workspace ${plain[0] ?? ""}`);
    const isThere = name === "default" || existsSync(join(folder, "terraform.tfstate.d", name));
    if (!isThere && !has("or-create")) refuse(`Workspace "${name}" doesn't exist.`);
    if (name !== "default") mkdirSync(join(folder, "terraform.tfstate.d", name), { recursive: true });
    writeFileSync(workspaceFile, name);
    return 0;
  },
  plan: () =>
    locked("OperationTypePlan", async () => {
      requireInit();
      const plan = planHere();
      say(plan);
      const out = flag("out");
      if (out !== undefined) writeFileSync(out, writePlan(plan), { mode: 0o600 });
      return has("detailed-exitcode") && hasChanges(plan) ? 2 : 0;
    }),
  show: () => {
    console.log(JSON.stringify(shownPlan(readPlan(readFileSync(plain[0] ?? "")))));
    return 0;
  },
  apply: () =>
    locked("OperationTypeApply", async () => {
      requireInit();
      const plan = readPlan(readFileSync(plain[0] ?? refuse("The emulator applies saved plans only")));
      if (!hasChanges(plan)) return 0;
      await applyChanges(plan, state(), interruption.signal);
      console.log("\nApply complete!");
      return 0;
    }),
  state: () => {
    if (plain[0] !== "pull") refuse(`The emulator has no command state ${plain[0] ?? ""}`);
    requireInit();
    const found = readState(state());
    if (found !== undefined) console.log(JSON.stringify(found, null, 2));
    return 0;
  },
  output: () => {
    requireInit();
    const outputs = Object.entries(readState(state())?.outputs ?? {});
    console.log(
      JSON.stringify(Object.fromEntries(outputs.map(([name, { sensitive = false, ...rest }]) => [name, { sensitive, ...rest }]))),
    );
    return 0;
  },
};

async function main(): Promise<number> {
  try {
    return await (commands[command] ?? (() => refuse(`Terraform has no command named "${command}".`)))();
  } catch (error) {
    console.error(`\nError: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

// Without a command it was imported, not started.
if (command !== "")
  void main().then((code) => {
    process.exitCode = code;
  });
