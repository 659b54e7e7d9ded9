import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/** SQLite's primary result codes that mean something to us: https://sqlite.org/rescode.html */
const sqlite = {
  perm: 3,
  busy: 5,
  locked: 6,
  noMemory: 7,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

type StoreProblem = "STORE_NOT_WRITABLE" | "STORE_FULL" | "STORE_DAMAGED" | "STORE_FOREIGN" | "STORE_UNAVAILABLE" | "STORE_PATH_INVALID";

const meanings: readonly (readonly [StoreProblem, readonly (number | string)[]])[] = [
  ["STORE_NOT_WRITABLE", [sqlite.perm, sqlite.readOnly, sqlite.cannotOpen, "EACCES", "EPERM", "EROFS"]],
  ["STORE_FULL", [sqlite.full, "ENOSPC", "EDQUOT"]],
  ["STORE_DAMAGED", [sqlite.corrupt]],
  ["STORE_FOREIGN", [sqlite.notADatabase]],
  ["STORE_UNAVAILABLE", [sqlite.io, sqlite.noMemory, "EIO", "EMFILE", "ENFILE"]],
  ["STORE_PATH_INVALID", ["EEXIST", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOENT", "ENOTDIR"]],
];

/** Whether another connection is in the way for now. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === sqlite.busy || code === sqlite.locked || code === sqlite.protocol;
}

/** What an error of SQLite or of the file system means for the store; any other is handed back as it is. */
export function toStoreError(store: string, cause: unknown): unknown {
  const code = codeOf(cause);
  // Only what was JSON was ever written: a page that is not there reads as zeros.
  if (cause instanceof SyntaxError) return fail(coreErrors, "STORE_DAMAGED", { store, problem: "it holds what nobody wrote." }, { cause });
  const meaning = meanings.find(([, codes]) => code !== undefined && codes.includes(code));
  if (meaning === undefined) return cause;
  return fail(coreErrors, meaning[0], { store, problem: cause instanceof Error ? cause.message : String(cause) }, { cause });
}

/** The primary result code of an error of SQLite, or the name of an error of the file system. */
function codeOf(error: unknown): number | string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return "syscall" in error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
