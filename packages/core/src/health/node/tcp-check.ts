import { once } from "node:events";
import { connect } from "node:net";
import type { ApplicationCheck } from "../../contract/check.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";

export interface TcpCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  readonly host: string;
  readonly port: number;
}

/** Whether somebody accepts connections there. Says nothing and hangs up. Reasons `refused`, `dns`, `unreachable`, `timeout`. Throws `CHECK_INVALID`. */
export function tcpCheck({ host, port, ...declaration }: TcpCheckOptions): ApplicationCheck {
  requireAddress(declaration.name, host, port);
  return defineCheck({
    ...declaration,
    run: async ({ signal }) => {
      const socket = connect({ host, port });
      try {
        await once(socket, "connect", { signal });
        return { status: "up" };
      } finally {
        socket.destroy();
      }
    },
  });
}

/** Throws `CHECK_INVALID` for what nobody could listen at. */
export function requireAddress(check: string, host: unknown, port: number): void {
  if (typeof host !== "string" || host === "")
    throw fail(coreErrors, "CHECK_INVALID", { check, problem: "its `host` must be a name or an address." });
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw fail(coreErrors, "CHECK_INVALID", { check, problem: `its \`port\` must be from 1 to 65535, not ${String(port)}.` });
}
