import type { Secret } from "@fairlead/core";
import { dockerOptions, type DockerOptions, type DockerSettings } from "../../src/options.js";

/** Options as a deployer hands them over: checked, and with these secrets in place of names. */
export async function toSettings(
  options: DockerOptions,
  secrets: { readonly registries?: DockerSettings["registries"]; readonly env?: Readonly<Record<string, Secret>> } = {},
): Promise<DockerSettings> {
  const checked = await dockerOptions["~standard"].validate(options);
  if (checked.issues !== undefined) throw new Error(JSON.stringify(checked.issues));
  const { components, ...others } = checked.value;
  const workers = Object.entries(components ?? {}).map(([name, worker]) => {
    const texts = Object.entries(worker.env).flatMap(([variable, value]) =>
      typeof value === "string" ? [[variable, value] as const] : [],
    );
    return [name, { ...worker, env: { ...Object.fromEntries(texts), ...secrets.env } }] as const;
  });
  return { ...others, registries: secrets.registries ?? {}, ...(components && { components: Object.fromEntries(workers) }) };
}
