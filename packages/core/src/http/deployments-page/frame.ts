import { hash } from "node:crypto";
import { html, trusted, type Html } from "../../status/page/html.js";
import { pagePolicy } from "../../status/page/policy.js";
import { textReply, type HttpReply } from "../exchange.js";
import { shortened } from "../../status/page/shortened.js";
import { listLink } from "./links.js";
import { said } from "./said.js";
import { script } from "./script.js";
import { style } from "./style.js";

/** What every page for those who operate stands in. */
export interface Frame {
  readonly application: string;
  /** Where the list is, with what a host has taken off the path. */
  readonly base: string;
  /** Where the status page is, if there is one. */
  readonly statusPage: string | null;
  /** Who asks, by name. */
  readonly who: string | null;
}

/** What keeps a page up to date. */
export interface Live {
  /** Where events are told. */
  readonly events?: string;
  /** Seconds between two looks. */
  readonly every?: number;
}

/** Its forms send to its own server. */
const contentSecurityPolicy = pagePolicy({ style, script }, "form-action 'self'", "frame-ancestors 'none'");

const headers: Readonly<Record<string, string>> = Object.freeze({
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Not `no-referrer`: browsers then hide also from their own server where a form was sent from, and it is refused.
  "referrer-policy": "same-origin",
});

/** A page. */
export function pageReply(
  frame: Frame,
  { title, main, live = {}, status = 200 }: { readonly title: string; readonly main: Html; readonly live?: Live; readonly status?: number },
): HttpReply {
  const { application, base, statusPage, who } = frame;
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${shortened(title, 120)} – ${shortened(application, 60)}</title>
        <link rel="icon" href="data:," />
        ${trusted(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <nav aria-label="Pages">
          <b>${said(application, 60)}</b>
          <a href="${listLink(base)}">Deployments</a>${statusPage !== null && html` <a href="${statusPage}">Status</a>`}${
            who !== null && html` <span class="soft">Signed in as ${said(who, 60)}</span>`
          }
        </nav>
        <main id="main" tabindex="-1" data-events="${live.events ?? ""}" data-every="${live.every ?? ""}">${main}</main>
        ${trusted(`<script>${script}</script>`)}
      </body>
    </html> `;
  return textReply(status, document.markup, headers);
}

/** A part of a page that is replaced when it says something else. */
export function part(id: string, content: Html, attributes: Html = html``): Html {
  return html`<div id="${id}" data-part="${hash("sha256", content.markup, "hex").slice(0, 12)}" ${attributes}>${content}</div>`;
}

/** Sends a browser on to where the answer is. */
export function redirectReply(location: string): HttpReply {
  return textReply(303, "", { location, "cache-control": "no-store" });
}
