import type { Session } from "../connection/session.js";
import { isNamed } from "./doubt.js";
import type { Place } from "./rehearsal.js";
import type { TryFailure } from "./try-out.js";

/** What another server lacks. */
export interface Lacking {
  readonly because: string;
  readonly hint: string;
}

/** What only the real server has, where something failed on another one for want of it: a role, or an extension that is not installed there. */
export async function findLacking(
  { said, sqlState, problem }: TryFailure,
  { scratch, real, elsewhere = false }: Place,
): Promise<Lacking | undefined> {
  if (real === undefined || !elsewhere) return undefined;
  const later = "Until then what is pending runs unproved.";
  if (sqlState === "58P01" || (sqlState === "0A000" && /\bextension\b/i.test(problem)))
    return {
      because: "the server of `shadow` may have fewer extensions",
      hint: `Install the extension on the server of \`shadow\`. ${later}`,
    };
  if (sqlState !== "42704") return undefined;
  const read = async (session: Session): Promise<readonly string[]> =>
    (await session.ask<{ name: string }>("select rolname as name from pg_roles")).map(({ name }) => name);
  const there = new Set(await read(scratch));
  const role = (await read(real)).find((name) => !there.has(name) && isNamed(said, name));
  if (role === undefined) return undefined;
  return { because: `only the real server has the role ${role}`, hint: `Make the role ${role} on the server of \`shadow\`. ${later}` };
}
