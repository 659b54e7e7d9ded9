import { isFairleadError } from "../errors/fairlead-error.js";

/** Why something failed, told apart into what everybody may read and what only some may. */
export interface Failure {
  /** Stable, safe to publish. */
  readonly reason: string;
  /** For authorised eyes only. */
  readonly message: string;
  readonly hint?: string;
}

/** Codes of the system, of `fetch` and of drivers built on sockets, by what they come to. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  CHECK_TIMEOUT: "timeout",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
};

/** What TLS says of a certificate or a handshake that it does not accept. */
const tls = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

const code = /^[a-z][a-z0-9_]{0,63}$/;

/** Whether a text is a code that may be published: `timeout`, `http_500`. */
export function isReason(text: unknown): text is string {
  return typeof text === "string" && code.test(text);
}

/** What a thrown value says. Never throws, whatever was thrown. */
export function describeFailure(thrown: unknown): Failure {
  try {
    const reason = reasonOf(thrown) ?? "check_failed";
    const message = messageOf(thrown);
    return isFairleadError(thrown) ? { reason, message, hint: thrown.hint } : { reason, message };
  } catch {
    return { reason: "check_failed", message: "it threw something that cannot be shown" };
  }
}

/** A connection that failed hides its code in a cause (`fetch`) or in the first of several errors (a host name with several addresses). */
function reasonOf(thrown: unknown, depth = 0): string | undefined {
  if (!(thrown instanceof Error) || depth > 3) return undefined;
  const own = "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  const known = reasons[own] ?? (tls.test(own) ? "tls" : undefined);
  if (known !== undefined) return known;
  if (thrown.name === "TimeoutError") return "timeout";
  const inner = thrown instanceof AggregateError ? (thrown.errors as readonly unknown[])[0] : thrown.cause;
  const found = reasonOf(inner, depth + 1);
  if (found !== undefined || !isFairleadError(thrown)) return found;
  const lowered = own.toLowerCase();
  return isReason(lowered) ? lowered : undefined;
}

function messageOf(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message }: { readonly message: unknown } = thrown;
  const own = String(message) || thrown.name;
  if (isFairleadError(thrown)) return own;
  const inner = thrown instanceof AggregateError ? (thrown.errors as readonly unknown[])[0] : thrown.cause;
  return inner instanceof Error && depth < 3 ? `${own}: ${messageOf(inner, depth + 1)}` : own;
}
