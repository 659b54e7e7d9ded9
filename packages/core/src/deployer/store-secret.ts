import type { CallOptions } from "../contract/call.js";
import type { SecretSource } from "../contract/secret-source.js";
import { resolveSecrets } from "../engine/resolve-secrets.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Redactor } from "../secret/redactor.js";
import { Secret } from "../secret/secret.js";

/**
 * A secret that the store's options name, known to the redactor before anybody has it. It never comes from a plugin: plugins are set up per environment, and the store belongs to all of
 * them. Throws `SECRETS_MISSING`, and `CONFIGURATION_INVALID` if it cannot be masked.
 */
export async function storeSecret(
  name: string,
  options: { readonly source: SecretSource; readonly redactor: Redactor; readonly application: string; readonly call: CallOptions },
): Promise<Secret> {
  const { application, ...about } = options;
  const { values, problems } = await resolveSecrets([name], { ...about, environment: "store", words: [application] });
  const found = values[name];
  if (found === undefined) throw fail(coreErrors, "SECRETS_MISSING", { environment: "the store", names: [name] });
  if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
  return new Secret(name, found.value);
}
