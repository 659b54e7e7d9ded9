import type { AnyPlugin } from "../contract/plugin.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isSecretReference, Secret } from "../secret/secret.js";
import { isPlain } from "./settings.js";

/** The options of a plugin as its schema completes them; every secret is its name. Throws `CONFIGURATION_INVALID`. */
export async function checkedOptions(plugin: AnyPlugin): Promise<unknown> {
  const checked = await plugin.schema["~standard"].validate(plugin.options);
  // The whole configuration was checked before; a schema that now says otherwise is broken.
  if (checked.issues !== undefined) {
    throw fail(coreErrors, "CONFIGURATION_INVALID", {
      problems: [{ place: `plugins.${plugin.name}`, problem: "does not fit its schema.", remedy: "Correct it." }],
    });
  }
  return checked.value;
}

/** The same with the secrets in the place of their names. */
export function revealed(value: unknown, secrets: Readonly<Record<string, { readonly value: string }>>): unknown {
  if (isSecretReference(value)) return new Secret(value.name, secrets[value.name]?.value ?? "");
  if (Array.isArray(value)) return value.map((item) => revealed(item, secrets));
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revealed(member, secrets)]));
}
