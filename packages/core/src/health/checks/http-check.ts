import type { ApplicationCheck, CheckResult } from "../../contract/check.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";
import { isProtectionPage } from "./protection.js";
import { readStart } from "./read-start.js";

export interface HttpCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  /** `http:` or `https:`. Credentials belong into `headers`. */
  readonly url: string | URL;
  /** Default `GET`. */
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** The status codes that are well. Default 200 to 299: a redirect may well lead to a login page that says 200. */
  readonly status?: number | readonly number[];
  /** What the body must hold, within its first megabyte. */
  readonly contains?: string | RegExp;
}

/**
 * Asks an address over HTTP. Follows no redirects. Reasons: `http_<status>`, `blocked` (a log-in or a challenge has answered instead of the site), `body_mismatch`, `refused`, `reset`, `dns`, `tls`, `unreachable`, `timeout`. Throws `CHECK_INVALID`.
 */
export function httpCheck(options: HttpCheckOptions): ApplicationCheck {
  const { url, method = "GET", headers, status, contains, ...declaration } = options;
  const address = addressOf(declaration.name, url);
  const shown = `${address.origin}${address.pathname}`;
  const accepted = typeof status === "number" ? [status] : status;
  const request: RequestInit & { readonly cache: "no-store" } = {
    method,
    headers: sentHeaders(headers),
    redirect: "manual",
    // Next.js puts its own `fetch` in place, which remembers answers.
    cache: "no-store",
  };
  return defineCheck({
    ...declaration,
    run: async ({ signal }): Promise<CheckResult> => {
      const response = await fetch(address, { ...request, signal });
      const text = contains === undefined ? await drop(response) : await readStart(response);
      const code = response.status;
      const data = { httpStatus: code };
      if (isProtectionPage(response))
        return {
          status: "down",
          reason: "blocked",
          message: `${shown} is protected: it answered ${String(code)}`,
          hint: blockedHint,
          data,
        };
      if (!(accepted?.includes(code) ?? response.ok))
        return { status: "down", reason: `http_${String(code)}`, message: `${shown} answered ${String(code)}`, data };
      if (contains !== undefined && !holds(text, contains))
        return { status: "down", reason: "body_mismatch", message: `${shown} answered something else`, data };
      return { status: "up", data };
    },
  });
}

const blockedHint = "Let the check in: give it in `headers` what the protection accepts, or except its address from the protection.";

function sentHeaders(given: Readonly<Record<string, string>> = {}): Headers {
  const headers = new Headers(given);
  if (!headers.has("user-agent")) headers.set("user-agent", "fairlead-health");
  return headers;
}

function holds(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : new RegExp(wanted).test(text);
}

function addressOf(name: string, url: string | URL): URL {
  const refuse = (problem: string) => fail(coreErrors, "CHECK_INVALID", { check: name, problem });
  const parsed = URL.parse(String(url));
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) throw refuse("its `url` must be an http: or https: address.");
  if (parsed.username !== "" || parsed.password !== "") throw refuse("its `url` carries credentials; put them into `headers`.");
  return parsed;
}

async function drop(response: Response): Promise<string> {
  await response.body?.cancel();
  return "";
}
