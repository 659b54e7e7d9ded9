import { installTerraformEmulator } from "@fairlead/testing/emulators";
import { accessSync, constants } from "node:fs";
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { onTestFinished } from "vitest";

const emulator = await installTerraformEmulator(mkdtempSync(join(tmpdir(), "terraform-emulator-")));

/** The emulator, and what is installed here of that which it stands for. */
export const terraformPrograms: readonly { readonly name: string; readonly program: string }[] = [
  { name: "the emulator", program: emulator },
  ...["terraform", "tofu"].flatMap((name) => {
    const program = (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(isProgram);
    return program === undefined ? [] : [{ name, program }];
  }),
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What of a root module the tests say. */
export interface Infrastructure {
  /** Resources by name: what they hold, and what is done when they are made. */
  readonly resources: Readonly<
    Record<string, { readonly input?: unknown; readonly triggers?: unknown; readonly does?: string; readonly after?: string }>
  >;
  readonly variables?: Readonly<Record<string, object>>;
  readonly outputs?: Readonly<Record<string, object>>;
  /** Where the state is kept, for two folders that share it. */
  readonly state?: string;
}

/** Writes a root module in the syntax that all of them read. */
export async function writeInfrastructure(
  folder: string,
  { resources, variables = {}, outputs = {}, state }: Infrastructure,
): Promise<void> {
  const all = Object.entries(resources).map(([name, { input = name, triggers, does, after }]) => [
    name,
    {
      input,
      ...(triggers === undefined ? {} : { triggers_replace: triggers }),
      ...(does === undefined ? {} : { provisioner: { "local-exec": { command: does } } }),
      ...(after === undefined ? {} : { depends_on: [`terraform_data.${after}`] }),
    },
  ]);
  const text = JSON.stringify({
    ...(state === undefined ? {} : { terraform: { backend: { local: { path: state } } } }),
    ...(Object.keys(variables).length === 0 ? {} : { variable: variables }),
    ...(all.length === 0 ? {} : { resource: { terraform_data: Object.fromEntries(all) } }),
    ...(Object.keys(outputs).length === 0 ? {} : { output: outputs }),
  });
  await writeFile(join(folder, "main.tf.json"), text);
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
