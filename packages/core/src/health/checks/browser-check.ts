import type { ApplicationCheck, CheckResult } from "../../contract/check.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { defineCheck, type CheckDeclaration } from "../define-check.js";
import { readStart } from "./read-start.js";

export interface BrowserCheckOptions extends Omit<CheckDeclaration<"dependency">, "run" | "kind"> {
  /** Where the browser speaks the DevTools protocol, e.g. `http://127.0.0.1:9222`. */
  readonly url: string | URL;
}

/** Asks a Chromium over the DevTools protocol which version it is, which opens no page. Reasons: `http_<status>`, `no_browser`, and those of a connection. Throws `CHECK_INVALID`. */
export function browserCheck({ url, ...declaration }: BrowserCheckOptions): ApplicationCheck {
  const base = URL.parse(String(url));
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    throw fail(coreErrors, "CHECK_INVALID", { check: declaration.name, problem: "its `url` must be an http: or https: address." });
  }
  const address = new URL("/json/version", base);
  return defineCheck({
    ...declaration,
    run: async ({ signal }): Promise<CheckResult> => {
      const response = await fetch(address, { redirect: "manual", signal });
      const text = await readStart(response);
      const code = String(response.status);
      if (!response.ok) return { status: "down", reason: `http_${code}`, message: `${address.origin} answered ${code}` };
      const browser = browserIn(text);
      if (browser === undefined) return { status: "down", reason: "no_browser", message: `${address.origin} is not a browser` };
      return { status: "up", data: { browser } };
    },
  });
}

function browserIn(text: string): string | undefined {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== "object" || said === null || !("Browser" in said) || !("webSocketDebuggerUrl" in said)) return undefined;
    return typeof said.Browser === "string" ? said.Browser : undefined;
  } catch {
    return undefined;
  }
}
