import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { JsonObject } from "../../json/json.js";
import type { TerraformProgram } from "./terraform-program.js";
import type { TerraformSettings } from "./terraform-options.js";

/** What is kept of the outputs in the journal, in characters of JSON. */
const room = 16_384;

type Outputs = Awaited<ReturnType<TerraformProgram["outputs"]>>;

/** Holds the outputs against what is expected, and answers those that may be known. Throws `TERRAFORM_OUTPUTS_WRONG`, which quotes no value. */
export async function checkOutputs(outputs: Outputs, expected: TerraformSettings["outputs"], folder: string): Promise<JsonObject> {
  const problems = "~standard" in expected ? await misfits(outputs, expected) : missing(outputs, expected);
  if (problems.length > 0) throw fail(coreErrors, "TERRAFORM_OUTPUTS_WRONG", { folder, problems });
  const known = Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { sensitive, value }]) => (sensitive ? [] : [[name, value] as const])),
  );
  return JSON.stringify(known).length <= room ? known : {};
}

function missing(outputs: Outputs, names: readonly string[]): readonly string[] {
  return names.filter((name) => outputs[name] === undefined).map((name) => `there is no ${name}`);
}

/** What a schema says may quote the value, so only where it says it is told. */
async function misfits(
  outputs: Outputs,
  schema: Extract<TerraformSettings["outputs"], { readonly "~standard": unknown }>,
): Promise<readonly string[]> {
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  const { issues = [] } = await schema["~standard"].validate(values);
  return issues.map(({ path = [] }) => {
    const place = path.map((part) => String(typeof part === "object" ? part.key : part)).join(".");
    return place === "" ? "they do not fit" : `${place} ${outputs[place] === undefined ? "is missing or does not fit" : "does not fit"}`;
  });
}
