import type { DeploymentSummary, EnvironmentStatus, WaitingDeployment } from "../../deployer/types.js";
import { lengthOf } from "../../history/words.js";
import { html, type Html } from "../../status/page/html.js";
import { moment } from "../../status/page/moment.js";
import { deploymentLink, listLink, rollbackLink } from "./links.js";
import { said, shortCommit, shortId } from "./said.js";
import { badge, kindWords } from "./words.js";

/** What is known of an environment's health, in words. */
export interface ShownHealth {
  readonly words: string;
  readonly colour: string;
  readonly link: string;
}

/** What a person on call wants to know first: what serves, since when and by whom, whether it is well, what goes on, and the way back. */
export function environmentCard(
  status: EnvironmentStatus,
  { base, health, mayRollBack }: { readonly base: string; readonly health: ShownHealth | null; readonly mayRollBack: boolean },
): Html {
  const { environment, running, queue, freeze, pin, last } = status;
  return html`<section class="card">
    <h2><a href="${listLink(base, { environment })}">${said(environment, 80)}</a></h2>
    ${
      health !== null && html`<p><a class="s ${health.colour}" href="${health.link}">${said(health.words, 80)}</a></p>`
    }${serves(status, base)}${running !== null && underWay(running, base)}${waitingLines(queue, base)}${
      freeze !== null &&
      html`<p>
        <b class="d">Frozen</b>: ${said(freeze.reason)}${freeze.until === null ? "" : html` until ${moment(freeze.until, "UTC")}`}
      </p>`
    }${
      pin !== null &&
      html`<p>
        <b class="d">Pinned</b> since ${said(pin.actor, 60)} <a href="${deploymentLink(base, pin.deploymentId)}">rolled back</a>: nothing
        that begins by itself replaces it.
      </p>`
    }${last !== null && last.id !== running?.deploymentId && lastLine(last, base)}${wayBack(status, base, mayRollBack)}
  </section>`;
}

function serves({ release }: EnvironmentStatus, base: string): Html {
  if (release === null) return html`<p class="soft">Nothing was deployed here yet.</p>`;
  const { provenance, id } = release.release;
  const { commit, message } = provenance;
  return html`<p>
    Serves <code>${shortId(id)}</code>${commit !== undefined && html` of <code>${shortCommit(commit)}</code>`}${
      message !== undefined && html` ${said(message.split("\n", 1)[0] ?? "", 100)}`
    }
    since ${moment(release.at, "UTC")}, by <a href="${deploymentLink(base, release.deploymentId)}">this deployment</a>.
  </p>`;
}

function underWay(
  { deploymentId, phase, steps, waiting, holder, attention }: NonNullable<EnvironmentStatus["running"]>,
  base: string,
): Html {
  const does = steps[0]?.description ?? waiting[0]?.reason ?? attention?.reason ?? "";
  return html`<p>
    ${badge(phase)} <a href="${deploymentLink(base, deploymentId)}">${shortId(deploymentId)}</a>${does !== "" && html`: ${said(does)}`}${
      holder === null && phase !== "needs_attention" && waiting.length === 0 && html` <b class="d">Nobody drives it</b>: start a worker.`
    }
  </p>`;
}

function waitingLines(queue: readonly WaitingDeployment[], base: string): Html {
  const [first, ...others] = queue;
  if (first === undefined) return html``;
  return html`<p>
    ${badge(first.phase)} <a href="${deploymentLink(base, first.id)}">${shortId(first.id)}</a> by
    ${said(first.actor, 60)}${others.length > 0 && html`, and ${others.length} more`}
  </p>`;
}

function lastLine(last: DeploymentSummary, base: string): Html {
  const { id, kind, phase, actor, createdAt, endedAt, waited, error } = last;
  const took = endedAt === null ? null : lengthOf(Math.max(0, Date.parse(endedAt) - Date.parse(createdAt) - waited));
  return html`<p>
    Last: <a href="${deploymentLink(base, id)}">${kindWords(kind)}</a> by ${said(actor, 60)}, ${moment(createdAt, "UTC")}:
    ${badge(phase)}${took !== null && html` in ${took}`}${error !== null && html`<br /><span class="bad">${said(error)}</span>`}
  </p>`;
}

function wayBack({ environment, rollbackTargets }: EnvironmentStatus, base: string, mayRollBack: boolean): Html {
  const target = rollbackTargets.find(({ outside }) => outside === null);
  if (target === undefined) return html``;
  return html`<p class="do">
    ${mayRollBack && html`<a class="button back" href="${rollbackLink(base, { environment })}">Roll back…</a> `}<span class="soft"
      >The release before is <code>${shortId(target.release)}</code>, which served until ${moment(target.servedUntil, "UTC")}.</span
    >
  </p>`;
}
