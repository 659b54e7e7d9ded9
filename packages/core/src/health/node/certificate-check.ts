import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { ApplicationCheck, CheckResult } from "../../contract/check.js";
import { systemClock, type Clock } from "../../time/clock.js";
import type { Duration } from "../../time/duration.js";
import { lengthOf } from "../declaration.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";
import { requireAddress } from "./tcp-check.js";

export interface CertificateCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  readonly host: string;
  /** Default 443. */
  readonly port?: number;
  /** How long the certificate must still be valid; less is degraded. Default `14d`. */
  readonly atLeast?: Duration;
  /** Who may have signed it, in PEM. Default: whom Node trusts. */
  readonly ca?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Whether the certificate of a server is accepted, and for how long it still will be. Runs every hour unless told otherwise. Reasons: `certificate_expiring` (degraded), `certificate_expired`,
 * `tls` (not for this host, not signed by anybody trusted), and those of a connection. Throws `CHECK_INVALID`.
 */
export function certificateCheck(options: CertificateCheckOptions): ApplicationCheck {
  const { host, port = 443, atLeast = "14d", ca, clock = systemClock, ...declaration } = options;
  requireAddress(declaration.name, host, port);
  const left = lengthOf(declaration.name, "atLeast", atLeast);
  // A name that is an address is none in TLS.
  const server = { host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) };
  return defineCheck({
    interval: "1h",
    ...declaration,
    run: async ({ signal }): Promise<CheckResult> => {
      const socket = connect(server);
      try {
        await once(socket, "secureConnect", { signal });
        const expires = Date.parse(socket.getPeerCertificate().valid_to);
        const data = { expires: new Date(expires).toISOString() };
        const message = `the certificate of ${host} expires at ${data.expires}`;
        if (expires - clock.now() < left) return { status: "degraded", reason: "certificate_expiring", message, data };
        return { status: "up", data };
      } catch (error) {
        if (!isExpired(error)) throw error;
        return { status: "down", reason: "certificate_expired", message: `the certificate of ${host} has expired` };
      } finally {
        socket.destroy();
      }
    },
  });
}

function isExpired(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "CERT_HAS_EXPIRED";
}
