import * as z from "zod";
import type { JsonObject } from "../../json/json.js";
import { isSecret } from "../../secret/secret.js";
import type { CommandSettings } from "./command-options.js";

const argv = z.array(z.string());
const schema = z.object({
  run: argv,
  undo: argv.optional(),
  observe: argv.optional(),
  folder: z.string(),
  variables: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.string()),
  inherit: z.union([z.literal("all"), z.array(z.string())]),
  successCodes: z.array(z.number()),
  retryCodes: z.array(z.number()),
  grace: z.number(),
});

/** A command as the plan pins it: all of it, but of secrets their names alone. Whoever recovers runs what was planned. */
export type CommandInput = z.output<typeof schema>;

/** What the plan pins of the options. */
export function commandInput(settings: CommandSettings): JsonObject {
  const { run, undo, observe, cwd, env, inherit, successCodes, retryCodes, grace } = settings;
  const variables = Object.entries(env).flatMap(([name, value]) => (isSecret(value) ? [] : [[name, value] as const]));
  const secrets = Object.entries(env).flatMap(([name, value]) => (isSecret(value) ? [[name, value.name] as const] : []));
  return {
    run: argvOf(run),
    ...(undo === undefined ? {} : { undo: argvOf(undo) }),
    ...(observe === undefined ? {} : { observe: argvOf(observe) }),
    folder: cwd,
    variables: Object.fromEntries(variables),
    secrets: Object.fromEntries(secrets),
    inherit: inherit === "all" ? "all" : [...inherit],
    successCodes: [...successCodes],
    retryCodes: [...retryCodes],
    grace,
  };
}

/** Reads what a plan has pinned. */
export function readCommandInput(input: JsonObject): CommandInput {
  return schema.parse(input);
}

function argvOf(line: CommandSettings["run"]): string[] {
  return "shell" in line ? ["/bin/sh", "-c", line.shell] : [...line];
}
