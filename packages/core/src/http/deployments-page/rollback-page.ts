import type { EnvironmentStatus } from "../../deployer/types.js";
import type { ReleaseChanges } from "../../history/index.js";
import { html, type Html } from "../../status/page/html.js";
import { moment } from "../../status/page/moment.js";
import type { HttpReply } from "../exchange.js";
import { changesSection } from "./changes-section.js";
import { pageReply, type Frame } from "./frame.js";
import { deploymentLink, listLink, rollbackLink } from "./links.js";
import type { DatabaseSince } from "./read-database.js";
import { said, shortId } from "./said.js";

export interface RollbackView {
  readonly status: EnvironmentStatus;
  /** Where it goes: the release that was asked for, else the last one that served before; `undefined` where there is none. */
  readonly to: string | undefined;
  /** What going there changes; `null` where it may not go there. */
  readonly changes: ReleaseChanges | null;
  /** What has become of the database since that release; `null` as `changes`. */
  readonly database: DatabaseSince | null;
  /** Why the release that was asked for may not be gone to; `null` if it may. */
  readonly outside: string | null;
  /** So that the same form is one rollback, however often it is sent. */
  readonly key: string;
}

/** So many releases can be chosen on the page. */
const most = 10;

/** The step before a rollback: what it goes to, what that changes, and whether the database allows it. */
export function rollbackPage(frame: Frame, view: RollbackView): HttpReply {
  const { environment, release } = view.status;
  const main = html`<h1>Roll back ${said(environment, 80)}</h1>
    ${
      release === null
        ? html`<p>Nothing serves here.</p>`
        : html`<p>It serves <code>${said(release.release.id, 64)}</code> since ${moment(release.at, "UTC")}.</p>`
    }${underWay(view.status, frame.base)}${targets(view, frame.base)}${
      view.outside !== null && html`<p class="banner d">A rollback may not go there: ${said(view.outside)}</p>`
    }${view.changes !== null && html`${changesSection(view.changes, { title: "What going back changes" })}${view.database !== null && databaseWords(view.changes, view.database)}`}${
      view.changes !== null && confirmForm(view, frame.base)
    }
    <p class="note"><a href="${listLink(frame.base, { environment })}">Back to ${said(environment, 80)}</a></p>`;
  return pageReply(frame, { title: `Roll back ${environment}`, main });
}

function underWay({ running }: EnvironmentStatus, base: string): Html {
  if (running === null) return html``;
  return html`<p class="banner d">
    <a href="${deploymentLink(base, running.deploymentId)}">A deployment is under way</a>: to take that back, stop it. A rollback waits for
    its end.
  </p>`;
}

function targets({ status: { environment, rollbackTargets }, to }: RollbackView, base: string): Html {
  if (rollbackTargets.length === 0) return html`<p class="banner d">There is no release to go back to.</p>`;
  const row = ({ release, servedUntil, outside }: EnvironmentStatus["rollbackTargets"][number]): Html => {
    const words = html`<code>${shortId(release)}</code> <span class="soft">served until ${moment(servedUntil, "UTC")}</span>`;
    if (outside !== null) return html`<li class="row">${words} <span class="soft">${said(outside)}</span></li>`;
    const isChosen = release === to;
    return html`<li class="row">
      ${isChosen ? html`<b class="t">${words}</b>` : html`<a class="t" href="${rollbackLink(base, { environment, to: release })}">${words}</a>`}${
        isChosen && html`<b class="s m">Chosen</b>`
      }
    </li>`;
  };
  return html`<section>
    <h2>Where to</h2>
    <p>${to === undefined ? html`None of them may be gone to.` : html`To <code>${said(to, 64)}</code>.`}</p>
    <details id="others">
      <summary>Choose another one</summary>
      <ol>
        ${rollbackTargets.slice(0, most).map(row)}
      </ol>
    </details>
  </section>`;
}

/** A rollback moves code, never data: whether the old code works with the data is what has to be known. */
function databaseWords({ migrations: { removed } }: ReleaseChanges, { isKnown, migrations, unsafe }: DatabaseSince): Html {
  const contracts = removed.filter(({ phase }) => phase === "contract").map(({ id }) => id);
  const bad = [...new Set([...unsafe, ...contracts])];
  if (bad.length > 0)
    return html`<p>
      <b class="x">Look first:</b> ${said(bad.slice(0, 5).join(", "), 300)}${bad.length > 5 && html` and ${bad.length - 5} more`}
      ${bad.length === 1 ? "takes" : "take"} away or ${bad.length === 1 ? "changes" : "change"} what that release may need, where it has
      been applied. A rollback moves code, never data.
    </p>`;
  if (!isKnown)
    return html`<p>
      <b class="d">Not known:</b> the journal does not tell all that was done to the database since that release was deployed. Look first: a
      rollback moves code, never data.
    </p>`;
  if (removed.length + migrations.length === 0)
    return html`<p><b class="o">Safe for the database:</b> that release knows all of its migrations.</p>`;
  return html`<p><b class="o">Safe for the database:</b> what it does not know only adds, and code before it works with it.</p>`;
}

/** Bound to what the page shows: it is refused where something else serves by then. */
function confirmForm({ status: { environment, release }, to, key }: RollbackView, base: string): Html {
  if (release === null || to === undefined) return html``;
  const shown = { environment, to, from: release.release.id, key };
  return html`<form method="post" action="${base}/rollback">
    ${Object.entries(shown).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <label for="why">Why, for the journal (may be left out)</label>
    <textarea id="why" name="reason" rows="2" maxlength="2000"></textarea>
    <button class="stop" id="rollback">Roll back ${said(environment, 80)}</button>
  </form>`;
}
