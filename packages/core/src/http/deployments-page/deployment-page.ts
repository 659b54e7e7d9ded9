import type { LogEntry } from "../../contract/deployment-events.js";
import type { SchemaCompatibility } from "../../contract/migrator.js";
import type { Explanation, ReleaseChanges } from "../../history/index.js";
import { lengthOf } from "../../history/words.js";
import type { WayBack } from "../../machine/index.js";
import { html, type Html } from "../../status/page/html.js";
import { moment } from "../../status/page/moment.js";
import type { DeploymentStatus } from "../deploy/schemas.js";
import type { HttpReply } from "../exchange.js";
import { abortForm, waitingBox, type Asked, type Rights } from "./actions.js";
import { changesSection } from "./changes-section.js";
import { pageReply, part, type Frame } from "./frame.js";
import { deploymentLink, listLink, rollbackLink } from "./links.js";
import { listed } from "./listed.js";
import { logLines } from "./log-lines.js";
import { notice } from "./notices.js";
import { said, shortId } from "./said.js";
import { stepList } from "./step-list.js";
import type { Word } from "./words-said.js";
import { kindWords, phaseWords } from "./words.js";

/** A deployment as the page shows it; what has not become one yet has no `begun`. */
export interface DeploymentView {
  readonly status: DeploymentStatus;
  readonly may: Rights;
  /** What the command that led here has answered. */
  readonly did: string | undefined;
  /** Which page of the steps is asked for. */
  readonly steps: number | undefined;
  /** Whether all lines of all lists are asked for. */
  readonly all: boolean;
  /** Where its events are told, from behind what the page shows. */
  readonly events: string;
  readonly begun: BegunView | undefined;
}

export interface BegunView {
  readonly explanation: Explanation;
  readonly changes: ReleaseChanges;
  readonly asked: Asked | null;
  /** What whoever asks has said to it. */
  readonly words: readonly Word[];
  /** How far it can be taken back by itself; `null` where it has ended or is taken back. */
  readonly wayBack: WayBack | null;
  readonly compatibility: SchemaCompatibility;
  readonly warnings: readonly string[];
  readonly lines: readonly LogEntry[];
  /** Whether its release serves now, and there is one to go back to. */
  readonly leaves: boolean;
  /** Whether its release served before, does not now, and may be put back. */
  readonly returns: boolean;
  /** Whether it is under way and nobody drives it. */
  readonly isAlone: boolean;
}

/** So many lines of a list are on the page where not all are asked for. */
const most = 6;
/** Seconds between two looks where nothing tells the page. */
const every = 15;

/** Everything about one deployment: what it waits for first, then what it changes, how far back is, its steps and its log. */
export function deploymentPage(frame: Frame, view: DeploymentView): HttpReply {
  const { status, did, begun, events } = view;
  const { environment, kind, phase, deploymentId } = status;
  const [words] = phaseWords(phase);
  const isOver = status.endedAt !== null || phase === "refused";
  const { base } = frame;
  // Those of what has not begun are there too, and empty: what a page does not have does not grow by itself.
  const grown = (id: string, content: (begun: BegunView) => Html): Html => part(id, begun === undefined ? html`` : content(begun));
  const main = html`<h1>${kindWords(kind)} ${said(environment, 80)} <span class="soft">${shortId(deploymentId)}</span></h1>
    ${part("notice", notice(did, { ...status, words: begun?.words ?? [] }))}${part("head", head(view), html`role="status"`)}${part(
      "wait",
      waiting(view, base),
    )}${part("facts", facts(view, base))}${grown("what", (now) => html`${changesSection(now.changes, { whole: wholeOf(view, base) })}${backSection(view, now, base)}`)}${grown(
      "steps",
      (now) => stepsSection(view, now, base),
    )}${grown("log", (now) => logSection(status, now, base))}${grown("why", (now) => whySection(view, now, base))}`;
  const live = isOver ? {} : { events, every };
  return pageReply(frame, { title: `${words}: ${kindWords(kind)} ${environment}`, main, live });
}

/** Where every line of every list is; `null` where this is that page. */
function wholeOf({ all, status }: DeploymentView, base: string): string | null {
  return all ? null : `${deploymentLink(base, status.deploymentId)}?all=yes`;
}

function head({ status, begun }: DeploymentView): Html {
  const { phase, error } = status;
  const [, colour] = phaseWords(phase);
  const summary = begun?.explanation.summary ?? (error === null ? "It is recorded and waits for a worker." : error.message);
  return html`<p class="banner ${colour}">${phaseWords(phase)[0]}</p>
    <p class="note">${said(summary, 600)}</p>
    ${begun !== undefined && html`<p class="soft">${said(begun.explanation.serving, 400)}</p>`}${
      begun?.isAlone === true && html`<p><b class="d">Nobody drives it.</b> Start a worker: a process that calls deployer.work().</p>`
    }${error !== null && html`<p class="soft">${said(error.code, 60)}: ${said(error.hint, 400)}</p>`}`;
}

function waiting(view: DeploymentView, base: string): Html {
  const { status, begun, may } = view;
  const whole = wholeOf(view, base);
  const waits = begun?.explanation.waits.filter(({ to }) => to === null).map(({ what }) => what) ?? [];
  const box = waitingBox(status, { base, asked: begun?.asked ?? null, may, waits, whole });
  const options = begun?.explanation.options ?? [];
  const commands =
    status.phase === "needs_attention" && options.length > 0
      ? html`<p class="note">On the command line:</p>
          <ul class="plain">
            ${listed(options, { most, whole }, ({ command, does }) => html`<code>${said(command, 150)}</code> ${said(does, 190)}`)}
          </ul>`
      : html``;
  const isOpen = begun !== undefined && status.endedAt === null && status.phase !== "needs_attention" && status.phase !== "rolling_back";
  return html`${box}${commands}${isOpen && may.abort && abortForm(deploymentLink(base, status.deploymentId), stoppingWords(status, begun))}`;
}

/** What comes of stopping it, as far as it has gone now. */
function stoppingWords({ phase }: DeploymentStatus, { wayBack }: BegunView): string {
  if (phase !== "running") return "It ends, and nothing was done.";
  if (wayBack?.open === false) return "It stops, and a person has to decide: it can no longer be taken back by itself.";
  return "No further step begins, and what was begun is taken back.";
}

function facts({ status, begun }: DeploymentView, base: string): Html {
  const { environment, actor, reason, createdAt, endedAt, release, commit, branch, driver, deploymentId } = status;
  const duration = begun?.explanation.duration;
  const waited = duration === undefined ? 0 : duration.total - duration.working;
  return html`<dl>
    <dt>Environment</dt>
    <dd><a href="${listLink(base, { environment })}">${said(environment, 80)}</a></dd>
    <dt>Who</dt>
    <dd>${said(actor, 80)}</dd>
    ${
      reason !== null &&
      reason !== "" &&
      html`<dt>Why</dt>
        <dd>${said(reason, 600)}</dd>`
    }
    <dt>When</dt>
    <dd>
      ${moment(createdAt, "UTC")}${endedAt !== null && html` to ${moment(endedAt, "UTC")}`}${duration !== undefined && duration.working > 0 && html`, ${lengthOf(duration.working)}`}${
        waited >= 1000 && html` and ${lengthOf(waited)} waiting`
      }
    </dd>
    ${
      commit !== null &&
      html`<dt>Commit</dt>
        <dd><code>${said(commit, 64)}</code>${branch !== null && html` on ${said(branch, 80)}`}</dd>`
    }${
      release !== null &&
      html`<dt>Release</dt>
        <dd><code>${said(release, 64)}</code></dd>`
    }
    <dt>Deployment</dt>
    <dd><code>${said(deploymentId, 100)}</code></dd>
    ${
      driver !== null &&
      html`<dt>Driven by</dt>
        <dd>${said(driver, 80)}</dd>`
    }
  </dl>`;
}

const compatibilityWords: Readonly<Record<SchemaCompatibility, string>> = {
  "code-only": "The release before works with the database as this one leaves it.",
  "needs-down": "The release before works with the database only after migrations are reverted, which a person decides.",
  irreversible: "The release before does not work with the database as this one leaves it.",
};

function backSection(view: DeploymentView, begun: BegunView, base: string): Html {
  const { status, may } = view;
  const { wayBack, compatibility, leaves, returns } = begun;
  const { environment, release } = status;
  const toRelease = release === null ? { environment } : { environment, to: release };
  return html`<section>
    <h2>The way back</h2>
    ${wayBack !== null && html`<p>${wayBackWords(wayBack)}</p>`}
    <p>${begun.explanation.from === null ? "There was no release before." : compatibilityWords[compatibility]}</p>
    ${
      status.waitingFor === null &&
      begun.warnings.length > 0 &&
      html`<ul class="plain">
        ${listed(begun.warnings, { most, whole: wholeOf(view, base) }, (line) => said(line, 200))}
      </ul>`
    }${
      leaves && may.rollBack && html`<p><a class="button back" href="${rollbackLink(base, { environment })}">Roll back…</a></p>`
    }${returns && may.rollBack && html`<p><a class="button back" href="${rollbackLink(base, toRelease)}">Put this release back…</a></p>`}
  </section>`;
}

function wayBackWords({ open, closes, asks, steps }: WayBack): Html {
  const people =
    asks.length === 0
      ? html``
      : html` A failure of ${said(asks.slice(0, 5).join(", "), 160)}${asks.length > 5 && html` and ${asks.length - 5} more`} stops it and
        asks a person.`;
  if (!open) return html`<b class="x">It can no longer be taken back by itself.</b> A failure stops it and asks a person.${people}`;
  if (closes === null)
    return html`<b class="o">Safe:</b> a failure, or the wish to stop, takes all of it back, up to its last step.${people}`;
  return html`<b class="o">Safe until ${said(closes.step, 100)}</b>, step ${closes.position} of ${steps}: with it, it can no longer be taken
    back by itself.${people}`;
}

function stepsSection({ status, steps }: DeploymentView, { explanation }: BegunView, base: string): Html {
  const reasons = new Map(status.progress.steps.flatMap(({ step, reason }) => (reason === null ? [] : [[step, reason] as const])));
  return html`<section>
    <h2>Steps</h2>
    ${stepList(explanation.steps, { reasons, page: steps, link: deploymentLink(base, status.deploymentId) })}
  </section>`;
}

function logSection({ deploymentId }: DeploymentStatus, { lines }: BegunView, base: string): Html {
  return html`<section>
    <h2>Log</h2>
    ${logLines(lines, `${deploymentLink(base, deploymentId)}/log`)}
  </section>`;
}

/** What else the journal tells. */
function whySection(view: DeploymentView, { explanation }: BegunView, base: string): Html {
  const { beginning, verdict, failures, takenBack, waits } = explanation;
  const waited = waits
    .filter(({ to }) => to !== null)
    .map(({ what, said: words, took }) => [`${lengthOf(took)} for ${what}`, ...words].join("; "));
  const whole = wholeOf(view, base);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["What says whether the release is good", verdict.evidence],
    ["What went wrong on the way", failures],
    ["What was taken back", takenBack],
    ["What it waited for", waited],
  ];
  return html`<section>
    <h2>What happened</h2>
    <p>${said(beginning, 600)}</p>
    ${lists.map(
      ([title, items]) =>
        html`${
          items.length > 0 &&
          html`<h3>${title}</h3>
            <ul class="plain">
              ${listed(items, { most, whole }, (line) => said(line, 200))}
            </ul>`
        }`,
    )}
  </section>`;
}
