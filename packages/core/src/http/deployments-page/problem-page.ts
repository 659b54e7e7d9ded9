import type { FairleadError } from "../../errors/fairlead-error.js";
import { html } from "../../status/page/html.js";
import type { HttpReply } from "../exchange.js";
import { pageReply, type Frame } from "./frame.js";
import { listLink } from "./links.js";
import { said } from "./said.js";

/** What went wrong, for people. */
export function problemPage(frame: Frame, { code, message, hint, status }: FairleadError): HttpReply {
  const main = html`<h1>That did not work</h1>
    <p class="banner x" role="alert">${said(message, 600)}</p>
    <p class="note">${said(hint, 600)}</p>
    <p class="soft">${said(code, 60)}</p>
    <p class="note"><a href="${listLink(frame.base)}">To the deployments</a></p>`;
  return pageReply(frame, { title: "That did not work", main, status });
}
