import { isSecret, type Secret } from "../../secret/secret.js";

/** Variables as a program gets them, secrets in the clear. */
export function revealedVariables(values: Readonly<Record<string, string | Secret>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, isSecret(value) ? value.reveal() : value]));
}
