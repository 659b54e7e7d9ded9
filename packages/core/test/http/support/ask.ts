import { bearerTokens, type Http } from "../../../src/http.js";

/** Of the only one who is known. */
export const ada = "ada-0123456789-0123456789";
export const authenticate = bearerTokens([{ id: "ada", name: "Ada", token: ada }]);

/** Without a server, as from this address. */
export async function ask(http: Http, path: string, { token, address = "192.0.2.1" }: { token?: string; address?: string } = {}) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const reply = await http.respond({ method: "GET", path, headers, native: { socket: { remoteAddress: address } } });
  if (reply === undefined) throw new TypeError("no answer");
  return { ...reply, text: "stream" in reply ? "" : new TextDecoder().decode(reply.body) };
}
