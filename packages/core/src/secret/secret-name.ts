import { fail } from "../errors/fairlead-error.js";
import { secretErrors } from "../errors/secret-errors.js";

/** Names are printed inside masks, JSON and URLs: nothing that any of these would have to escape. */
const pattern = /^[A-Za-z_][\w.:/@-]{0,199}$/;

/** The name, if it may be one. Throws `SECRET_NAME_INVALID` otherwise. */
export function checkedSecretName(name: string): string {
  if (!pattern.test(name)) throw fail(secretErrors, "SECRET_NAME_INVALID", { name: name.slice(0, 80) });
  return name;
}

/** What stands for a secret wherever its name may be told and its value may not. */
export function secretLabel(name: string): string {
  return `[secret ${name}]`;
}
