import { givenVariables } from "./given-variables.js";

/** Which variables of its own process a deployment hands on besides the usual ones. */
export type Inherit = "all" | readonly string[];

/** What programs need to find themselves and others, and what is never secret. */
const usual = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

/** The variables of a program: the usual ones of this process, those that are inherited besides, and its own. */
export function programVariables(inherit: Inherit, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const given = givenVariables();
  const names = inherit === "all" ? Object.keys(given) : [...usual, ...inherit];
  const inherited = names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  return { ...Object.fromEntries(inherited), ...own };
}
