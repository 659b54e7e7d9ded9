import type { ProcessCheck } from "../../contract/check.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

/** Something that cannot be mended in this process. */
export interface FatalFlag {
  /** For `liveness`. */
  readonly check: ProcessCheck;
  /** Says that this process is lost; for good. The first message is kept, for authorised eyes. Takes effect with the next run of the check. */
  raise(message: string): void;
}

/** Makes a flag that a program raises when it knows that only a new process helps: a corrupt cache, a native library in a bad state. Reason `fatal`. Throws `CHECK_INVALID`. */
export function createFatalFlag(declaration: Omit<CheckDeclaration<"process">, "run" | "kind">): FatalFlag {
  let raised: string | undefined;
  const check = defineCheck({
    ...declaration,
    kind: "process",
    run: () => (raised === undefined ? { status: "up" } : { status: "down", reason: "fatal", message: raised }),
  });
  return Object.freeze<FatalFlag>({
    check,
    raise: (message) => {
      raised ??= message;
    },
  });
}
