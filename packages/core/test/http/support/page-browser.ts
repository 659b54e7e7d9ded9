import { bearerTokens, createHttp, type HttpOptions } from "../../../src/http.js";
import { image, type Deployer } from "../../../src/index.js";
import { expect } from "vitest";

const ada = "ada-0123456789-0123456789";
export const eve = "eve-0123456789-0123456789";
const authenticate = bearerTokens([
  { id: "ada", name: "Ada", token: ada },
  { id: "eve", name: "Eve", token: eve },
]);

/** The pages as a browser without scripts sees them. */
export function createBrowser(deployer: Deployer, options: Partial<HttpOptions> = {}) {
  const http = createHttp({ deployer, authenticate, sources: ({ commit }) => image(`shop:${String(commit)}`), ...options });
  const send = async (
    method: "GET" | "POST",
    path: string,
    { form, token = ada, headers = {} }: { form?: Record<string, string>; token?: string; headers?: Record<string, string> } = {},
  ) => {
    const response = await http.fetch(
      new Request(`https://shop.example${path}`, {
        method,
        headers: {
          ...(token === "" ? {} : { authorization: `Basic ${btoa(`me:${token}`)}` }),
          ...(form === undefined ? {} : { origin: "https://shop.example" }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
    );
    return {
      status: response.status,
      location: response.headers.get("location"),
      challenge: response.headers.get("www-authenticate"),
      text: await response.text(),
    };
  };
  return {
    send,
    read: async (path: string, token = ada) => {
      const { status, text } = await send("GET", path, { token });
      expect(status).toBe(200);
      return text;
    },
    /** Sends a form of a page as it stands there, and goes where the answer leads. */
    submit: async (page: string, action: RegExp, typed: Record<string, string> = {}) => {
      const { path, hidden } = formOf(page, action);
      const { status, location, text } = await send("POST", path, { form: { ...hidden, ...typed } });
      expect([status, status === 303 ? "" : seen(text)]).toEqual([303, ""]);
      return location ?? "";
    },
  };
}

export const trigger = async (deployer: Deployer, source: string, more: { commit?: string; reason?: string } = {}) =>
  (
    await deployer.request({
      kind: "deploy",
      environment: "development",
      source: image(source),
      actor: { name: "ada", via: "api" },
      ...more,
    })
  ).id;

/** As people see it. */
export const seen = (page: string) =>
  page
    .replace(/<(style|script)>.*?<\/\1>/gs, "")
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ");

/** Where a form of a page goes, and what stands in it unseen. */
export function formOf(page: string, action: RegExp): { readonly path: string; readonly hidden: Record<string, string> } {
  const [, path = ""] = action.exec(page) ?? [];
  const forms = page.split("<form").slice(1);
  const form = forms.find((one) => one.includes(path)) ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  return { path, hidden: Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value])) };
}
