import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { refuse } from "./refusal.js";

/** What is understood of Terraform's JSON syntax: `terraform_data`, variables, outputs, a local backend. Anything else is refused, not overlooked. */
const fileSchema = z.strictObject({
  terraform: z.strictObject({ backend: z.strictObject({ local: z.strictObject({ path: z.string().optional() }) }).optional() }).optional(),
  variable: z
    .record(z.string(), z.strictObject({ default: z.json().optional(), sensitive: z.boolean().optional(), type: z.string().optional() }))
    .default({}),
  resource: z
    .strictObject({
      terraform_data: z.record(
        z.string(),
        z.strictObject({
          input: z.json().default(null),
          triggers_replace: z.json().default(null),
          depends_on: z.array(z.string()).default([]),
          provisioner: z.strictObject({ "local-exec": z.strictObject({ command: z.string() }) }).optional(),
        }),
      ),
    })
    .optional(),
  output: z.record(z.string(), z.strictObject({ value: z.json(), sensitive: z.boolean().default(false) })).default({}),
});

type Json = z.output<ReturnType<typeof z.json>>;

export interface Resource {
  readonly address: string;
  readonly input: Json;
  readonly triggers: Json;
  readonly command: string | undefined;
  /** Whether its input holds something that is not to be shown. */
  readonly sensitive: boolean;
}

export interface Configuration {
  /** In an order in which what they refer to comes first. */
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, { readonly value: Json; readonly sensitive: boolean }>>;
}

/** The files of a root module. */
function readFiles(folder: string): readonly z.output<typeof fileSchema>[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".tf.json"));
  if (readdirSync(folder).some((name) => name.endsWith(".tf"))) refuse("The emulator reads Terraform's JSON syntax only (*.tf.json).");
  if (files.length === 0) refuse("No configuration files");
  return files.sort().map((name) => fileSchema.parse(JSON.parse(readFileSync(join(folder, name), "utf8"))));
}

/** Where the local backend of a root module keeps its state, if it says. */
export function backendPathOf(folder: string): string | undefined {
  return readFiles(folder)
    .map(({ terraform }) => terraform?.backend?.local.path)
    .find((path) => path !== undefined);
}

/** Reads a root module, with values for its variables. */
export function readConfiguration(folder: string, given: Readonly<Record<string, string>>): Configuration {
  const parts = readFiles(folder);
  const variables = Object.assign({}, ...parts.map(({ variable }) => variable)) as z.output<typeof fileSchema>["variable"];
  const declared = Object.assign({}, ...parts.map(({ resource }) => resource?.terraform_data ?? {})) as NonNullable<
    z.output<typeof fileSchema>["resource"]
  >["terraform_data"];
  const outputs = Object.assign({}, ...parts.map(({ output }) => output)) as z.output<typeof fileSchema>["output"];

  const valueOf = (name: string): Json => {
    const variable = variables[name];
    if (variable === undefined) return refuse(`Reference to undeclared input variable: ${name}`);
    const text = given[name];
    if (text === undefined) return variable.default === undefined ? refuse(`No value for required variable: ${name}`) : variable.default;
    return variable.type === undefined || variable.type === "string" ? text : z.json().parse(JSON.parse(text));
  };
  const resourceOf = (name: string): Resource => {
    const resource = declared[name];
    if (resource === undefined) return refuse(`Reference to undeclared resource: terraform_data.${name}`);
    return {
      address: `terraform_data.${name}`,
      input: evaluate(resource.input),
      triggers: evaluate(resource.triggers_replace),
      command: resource.provisioner?.["local-exec"].command,
      sensitive: referencesIn(resource.input).some(([kind, other]) => kind === "var" && variables[other]?.sensitive === true),
    };
  };
  const lookUp = (kind: string, name: string): Json => (kind === "var" ? valueOf(name) : resourceOf(name).input);
  const evaluate = (value: Json): Json => {
    if (typeof value === "string") {
      const whole = /^\$\{(var|terraform_data)\.([\w-]+)(?:\.(?:output|input))?\}$/.exec(value);
      if (whole !== null) return lookUp(whole[1] ?? "", whole[2] ?? "");
      return value.replaceAll(reference, (_, kind: string, name: string) => textOf(lookUp(kind, name)));
    }
    if (Array.isArray(value)) return value.map(evaluate);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, evaluate(member)]));
  };
  return {
    resources: inOrder(declared).map(resourceOf),
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { value, sensitive }]) => [name, { value: evaluate(value), sensitive }]),
    ),
  };
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

const reference = /\$\{(var|terraform_data)\.([\w-]+)(?:\.(?:output|input))?\}/g;

function referencesIn(value: Json): readonly (readonly [string, string])[] {
  return Array.from(JSON.stringify(value).matchAll(reference), ([, kind = "", name = ""]) => [kind, name] as const);
}

function inOrder(declared: Readonly<Record<string, { readonly input: Json; readonly depends_on: readonly string[] }>>): readonly string[] {
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    const { input = null, depends_on = [] } = declared[name] ?? {};
    for (const [kind, other] of referencesIn(input)) if (kind === "terraform_data") visit(other);
    for (const address of depends_on) visit(address.replace("terraform_data.", ""));
    order.push(name);
  };
  Object.keys(declared).sort().forEach(visit);
  return order;
}
