import type { CallOptions } from "../contract/call.js";
import type { SecretSource } from "../contract/secret-source.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Redactor } from "../secret/redactor.js";
import { Secret } from "../secret/secret.js";

/**
 * A secret that the store's options name, known to the redactor before anybody has it. It never comes from a plugin: plugins are set up per environment, and the store belongs to all of
 * them. Throws `SECRETS_MISSING`.
 */
export async function storeSecret(
  name: string,
  options: { readonly source: SecretSource; readonly redactor: Redactor; readonly call: CallOptions },
): Promise<Secret> {
  const { source, redactor, call } = options;
  const found = (await source.resolve([name], { ...call, environment: "store" }))[name];
  if (found === undefined) throw fail(coreErrors, "SECRETS_MISSING", { environment: "the store", names: [name] });
  redactor.register(name, found.value);
  return new Secret(name, found.value);
}
