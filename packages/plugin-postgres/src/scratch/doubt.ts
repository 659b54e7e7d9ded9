import type { Difference } from "../snapshot/differences.js";
import type { TryFailure } from "./try-out.js";

export interface Circumstances {
  /** What only the real database has. */
  readonly strangers: readonly Difference[];
  /** Whether the real one has also seen migrations that are not in this folder. */
  readonly isAhead: boolean;
  /** Whether the scratch database has the rows of the real one. */
  readonly isCopy: boolean;
}

/** What an extension would have brought: a function, or a type and the like. */
const undefinedThings = ["42883", "42704"];

/** Why a failure on the scratch database need not be one on the real one. */
export function doubt(failure: TryFailure, { strangers, isAhead, isCopy }: Circumstances): string | undefined {
  const meant = strangers.filter((one) => isAbout(failure, one)).map(inWords);
  if (meant.length > 0)
    return `the database also has ${meant.slice(0, 3).join(", ")}, which no migration ${isAhead ? "of this folder " : ""}made`;
  return failure.dependsOnData && !isCopy ? "that depends on the data, and the scratch database has none" : undefined;
}

/** Whether the server named it: in the quotes of its language, with or without what it is in. */
function isAbout({ said, sqlState = "" }: TryFailure, { kind, name }: Difference): boolean {
  if (kind === "extension") return undefinedThings.includes(sqlState);
  const own = name.replace(/\(.*$/s, "");
  const last = literally(own.slice(own.lastIndexOf(".") + 1));
  if (name !== own) return new RegExp(`(?<![\\w$])${last}\\(`).test(said);
  if (kind === "schema") return new RegExp(`(?<![\\w$])${last}(?:\\.|\\s?["'»“”])`).test(said);
  return new RegExp(`[."'«„“]\\s?${last}(?![\\w$])`).test(said);
}

/** Whether a message has a name in quotes. */
export function isNamed(said: string, name: string): boolean {
  return new RegExp(`["'«„“]\\s?${literally(name)}\\s?["'»“”]`).test(said);
}

function literally(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}

function inWords({ kind, name }: Difference): string {
  return ["extension", "schema"].includes(kind) ? `the ${kind} ${name}` : name;
}
