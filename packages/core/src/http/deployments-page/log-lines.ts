import type { LogEntry } from "../../contract/deployment-events.js";
import { html, type Html } from "../../status/page/html.js";
import { shortened } from "../../status/page/shortened.js";
import { said, setIn } from "./said.js";

/** So many of the last lines are on the page; the whole log has an address of its own. */
const most = 40;

const levels: Readonly<Record<LogEntry["level"], string>> = { info: "i", warn: "w", error: "e" };

/** The last lines of a log. */
export function logLines(lines: readonly LogEntry[], whole: string): Html {
  if (lines.length === 0) return html`<p>Nothing was logged.</p>`;
  const left = lines.length - most;
  return html`<p class="soft">${left > 0 && `The last ${most} of ${lines.length} lines. `}<a href="${whole}">The whole log</a></p>
    <ol class="log">
      ${lines
        .slice(-most)
        .map(
          ({ at, level, step, message }) =>
            html`<li class="${levels[level]}">
              <time datetime="${at}">${at.slice(11, 19)}</time> ${step !== null && html`${said(step, 40)} `}${
                level === "info" ? "" : `${level}: `
              }${said(setIn(message.slice(0, 320)), 160)}
            </li>`,
        )}
    </ol>`;
}

const oneLine = (text: string): string => setIn(text).replaceAll(/\s+/g, " ");

/** All of it as text, a line for each; further lines of one are set in. */
export function logText(lines: readonly LogEntry[]): string {
  return lines
    .map(({ at, level, step, message }) => `${at} ${level} ${step === null ? "-" : oneLine(step)} ${setIn(shortened(message, 16_384))}\n`)
    .join("");
}
