import type { ExplainedStep, StepFate } from "../../history/index.js";
import { lengthOf } from "../../history/words.js";
import { html, type Html } from "../../status/page/html.js";
import { said } from "./said.js";
import { fates } from "./words.js";

/** So many steps are on a page. */
const pageLength = 40;

const over: ReadonlySet<StepFate> = new Set<StepFate>(["done", "taken-back", "stays"]);

/**
 * The steps of a deployment by their stages, a page of them: the one that is asked for, else the one on which something goes on or went wrong. `reasons` say of a step why it is as it is.
 */
export function stepList(
  steps: readonly ExplainedStep[],
  { reasons, page, link }: { readonly reasons: ReadonlyMap<string, string>; readonly page: number | undefined; readonly link: string },
): Html {
  if (steps.length === 0) return html`<p>It has no steps.</p>`;
  const pages = Math.ceil(steps.length / pageLength);
  const shown = Math.min(pages, Math.max(1, page ?? pageOfInterest(steps)));
  const own = steps.slice((shown - 1) * pageLength, shown * pageLength);
  const done = steps.filter(({ fate }) => fate === "done").length;
  const stages = [...new Set(own.map(({ stage }) => stage))];
  return html`<p>${done} of ${steps.length} done</p>
    <progress max="${steps.length}" value="${done}" aria-label="Steps done">${done} of ${steps.length}</progress>
    ${stages.map(
      (stage) =>
        html`<h3>${stage}</h3>
          <ol>
            ${own.filter((step) => step.stage === stage).map((step) => stepRow(step, reasons.get(step.id)))}
          </ol>`,
    )}${pages > 1 && pager(pages, shown, link)}`;
}

function stepRow({ id, description, fate, attempts, took, undoTook }: ExplainedStep, reason: string | undefined): Html {
  const [words, colour] = fates[fate];
  const facts = [
    ...(took === null ? [] : [lengthOf(took)]),
    ...(undoTook === null ? [] : [`taken back in ${lengthOf(undoTook)}`]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  return html`<li class="row">
    <span class="t">${said(id, 80)}</span><span class="s ${colour}">${words}</span>
    <p class="soft">${said(description, 160)}${facts.length > 0 && html` · ${facts.join(" · ")}`}</p>
    ${reason !== undefined && html`<p class="${fate === "failed" ? "bad" : "soft"}">${said(reason, 200)}</p>`}
  </li>`;
}

/** Where something is not over; of what has gone well, the end. */
function pageOfInterest(steps: readonly ExplainedStep[]): number {
  const bad = steps.findIndex(({ fate }) => fate === "failed" || fate === "not-taken-back");
  const first = bad === -1 ? steps.findIndex(({ fate }) => !over.has(fate)) : bad;
  return Math.floor((first === -1 ? steps.length - 1 : first) / pageLength) + 1;
}

function pager(pages: number, shown: number, link: string): Html {
  // Of very many the ones around.
  const numbers = Array.from({ length: pages }, (_, index) => index + 1).filter(
    (number) => number === 1 || number === pages || Math.abs(number - shown) < 6,
  );
  return html`<div class="chips" role="navigation" aria-label="Pages of steps">
    ${numbers.map((number) => html`<a href="${link}?steps=${number}#steps" ${number === shown && html`aria-current="page"`}>${number}</a>`)}
  </div>`;
}
