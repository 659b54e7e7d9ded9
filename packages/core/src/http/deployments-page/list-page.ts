import type { DeploymentSummary, EnvironmentStatus, RequestState } from "../../deployer/types.js";
import { lengthOf } from "../../history/words.js";
import { html, type Html } from "../../status/page/html.js";
import { moment } from "../../status/page/moment.js";
import type { HttpReply } from "../exchange.js";
import { environmentCard, type ShownHealth } from "./environment-card.js";
import { pageReply, part, type Frame } from "./frame.js";
import { deploymentLink, listLink } from "./links.js";
import { said, shortCommit, shortId } from "./said.js";
import { badge, kindWords } from "./words.js";

/** An environment on the list, and what whoever asks may do there. */
export interface ShownEnvironment {
  readonly status: EnvironmentStatus;
  readonly health: ShownHealth | null;
  readonly mayRollBack: boolean;
}

export interface ListView {
  /** To choose from. */
  readonly environments: readonly string[];
  readonly chosen: string | undefined;
  /** What health says of the process that answers: `unknown` where nothing says that it is not well but checks whose results are missing or too old, `null` where it has none. */
  readonly process: "healthy" | "degraded" | "unhealthy" | "unknown" | null;
  readonly shown: readonly ShownEnvironment[];
  /** What no worker has taken yet, the oldest first. */
  readonly requests: readonly RequestState[];
  readonly deployments: readonly DeploymentSummary[];
  /** Whether something was left out that whoever asks may not read. */
  readonly isPartial: boolean;
  readonly isFirst: boolean;
  readonly next: string | null;
}

/** Seconds between two looks while something is under way, and while nothing is. */
const often = 5;
const seldom = 30;

/** What serves where, and what was deployed, the newest first. */
export function listPage(frame: Frame, view: ListView): HttpReply {
  const { chosen, shown, requests, deployments } = view;
  const title = chosen === undefined ? "Deployments" : `Deployments to ${chosen}`;
  const isBusy = requests.length > 0 || deployments.some(({ endedAt }) => endedAt === null);
  const main = html`<h1>${chosen === undefined ? "Deployments" : html`Deployments to ${said(chosen, 80)}`}</h1>
    ${filter(view, frame.base)}${
      shown.length > 0 &&
      part(
        "now",
        html`<div class="cards">${shown.map(({ status, ...more }) => environmentCard(status, { ...more, base: frame.base }))}</div>
          ${view.process !== null && html`<p class="soft note">${ofProcess(view.process)}</p>`}`,
      )
    }
    <section>
      <h2 id="history">History</h2>
      ${part("rows", rows(view, frame.base))}
    </section>`;
  return pageReply(frame, { title, main, live: { every: isBusy ? often : seldom } });
}

function ofProcess(process: NonNullable<ListView["process"]>): string {
  return process === "unknown"
    ? "The health of the process that answers this is not known."
    : `The process that answers this is ${process}.`;
}

function filter({ environments, chosen }: ListView, base: string): Html {
  const names = chosen === undefined || environments.includes(chosen) ? environments : [...environments, chosen];
  if (names.length < 2) return html``;
  const chip = (name: string | undefined): Html => {
    const words = name === undefined ? html`All` : said(name, 60);
    return html`<a href="${listLink(base, { environment: name })}" ${name === chosen && html`aria-current="page"`}>${words}</a>`;
  };
  return html`<div class="chips" role="navigation" aria-label="Environments">${[undefined, ...names].map(chip)}</div>`;
}

function rows({ chosen, requests, deployments, isPartial, isFirst, next }: ListView, base: string): Html {
  const none = isPartial
    ? "Nothing that you may read on this page."
    : isFirst
      ? "Nothing was deployed yet."
      : "There is nothing further back.";
  const list = html`<ol>
    ${isFirst && requests.map((request) => requestRow(request, base))}${deployments.map((deployment) => deploymentRow(deployment, base))}
  </ol>`;
  return html`${requests.length + deployments.length === 0 ? html`<p>${none}</p>` : list}
    <p class="chips">
      ${!isFirst && html`<a href="${listLink(base, { environment: chosen })}">Newest</a>`}${
        next !== null && html`<a rel="next" href="${listLink(base, { environment: chosen, after: next })}">Older</a>`
      }
    </p>`;
}

function requestRow({ id, kind, environment, commit, actor, reason, createdAt }: RequestState, base: string): Html {
  return html`<li class="row">
    <a class="t" href="${deploymentLink(base, id)}">${kindWords(kind)} ${said(environment, 80)}</a>${badge("requested")}
    <p class="soft">
      ${commit !== null && html`<code>${shortCommit(commit)}</code> · `}${said(actor, 60)} · ${moment(createdAt, "UTC")} · waits for a
      worker
    </p>
    ${reason !== null && reason !== "" && html`<p>${said(reason)}</p>`}
  </li>`;
}

function deploymentRow(deployment: DeploymentSummary, base: string): Html {
  const { id, kind, environment, phase, release, commit, actor, reason, error, createdAt, endedAt, waited, outcome } = deployment;
  const took = endedAt === null ? null : Math.max(0, Date.parse(endedAt) - Date.parse(createdAt) - waited);
  return html`<li class="row">
    <a class="t" href="${deploymentLink(base, id)}">${kindWords(kind)} ${said(environment, 80)}</a>${badge(phase)}
    <p class="soft">
      ${commit !== null && html`<code>${shortCommit(commit)}</code> · `}<code>${shortId(release)}</code> · ${said(actor, 60)} ·
      ${moment(createdAt, "UTC")}${took !== null && html` · took ${lengthOf(took)}`}${outcome === "unchanged" && html` · nothing to do`}
    </p>
    ${reason !== null && reason !== "" && html`<p>${said(reason)}</p>`}${error !== null && html`<p class="bad">${said(error)}</p>`}
  </li>`;
}
