import type { SecretSource } from "../contract/secret-source.js";

/** Secrets from a record of names and values, such as `process.env`. An empty value counts as missing. */
export function environmentSecrets(variables: Readonly<Record<string, string | undefined>>): SecretSource {
  return Object.freeze({
    resolve: (names: readonly string[]) =>
      Promise.resolve(
        Object.fromEntries(
          names.flatMap((name) => {
            // Every object has a `constructor`, which is no secret.
            const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
            return value === undefined || value === "" ? [] : [[name, { value }] as const];
          }),
        ),
      ),
  });
}
