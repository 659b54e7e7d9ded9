import { html, type Html } from "../../status/page/html.js";
import type { DeploymentStatus } from "../deploy/schemas.js";
import { deploymentLink } from "./links.js";
import { listed } from "./listed.js";
import { said } from "./said.js";

/** What whoever asks may do. */
export interface Rights {
  readonly approve: boolean;
  readonly abort: boolean;
  readonly rollBack: boolean;
}

/** How many people have to agree, and who has. */
export interface Asked {
  readonly required: number;
  readonly agreed: readonly string[];
}

/** What is waited for, in a box of its own, with the buttons of those who may. */
export function waitingBox(
  { deploymentId, waitingFor }: Pick<DeploymentStatus, "deploymentId" | "waitingFor">,
  {
    base,
    asked,
    may,
    waits,
    whole,
  }: {
    readonly base: string;
    readonly asked: Asked | null;
    readonly may: Rights;
    readonly waits: readonly string[];
    /** Where all lines are, or `null` where this is it. */
    readonly whole: string | null;
  },
): Html {
  if (waitingFor === null) return html``;
  const { reason, digest, summary } = waitingFor;
  return html`<section class="ask">
    <h2>${titles[waitingFor.what]}</h2>
    ${asked === null && html`<p>${said(waits.length === 0 ? reason : waits.join("; "), 400)}</p>`}
    ${asked !== null && agreedLine(asked)}${
      summary.length > 0 &&
      html`<ul>
        ${listed(summary, { most: 12, whole }, (line) => said(line, 200))}
      </ul>`
    }${digest !== null && asked !== null && (may.approve ? wordForm(deploymentLink(base, deploymentId), digest) : html`<p class="soft">You may not approve.</p>`)}
  </section>`;
}

const titles: Readonly<Record<NonNullable<DeploymentStatus["waitingFor"]>["what"], string>> = {
  approval: "It waits for approval",
  hold: "It is held",
  queue: "It waits for its turn",
  worker: "It waits for a worker",
  attention: "It needs a person",
  inconclusive: "It waits for a person: nothing can be told",
  time: "It waits for time to pass",
  freeze: "It waits for the end of a freeze",
  requirement: "It waits for something else",
};

function agreedLine({ required, agreed }: Asked): Html {
  const people = required === 1 ? "1 person has" : `${required} people have`;
  return html`<p>
    ${people} to agree: ${agreed.length === 0 ? "nobody has yet" : html`${agreed.slice(0, 10).map((name) => html`${said(name, 60)} `)}did`}.
  </p>`;
}

function wordForm(link: string, digest: string): Html {
  return html`<form method="post" action="${link}/approve">
    <input type="hidden" name="digest" value="${digest}" />
    <label for="word">Why, for the journal (may be left out)</label>
    <textarea id="word" name="reason" rows="2" maxlength="2000"></textarea>
    <button class="go" id="approve">Approve</button>
    <button class="stop" id="reject" formaction="${link}/reject">Reject</button>
  </form>`;
}

/** Asks it to stop, behind a step in which that is meant. */
export function abortForm(link: string, does: string): Html {
  return html`<details id="stop">
    <summary>Stop it…</summary>
    <p>${said(does, 200)}</p>
    <form method="post" action="${link}/abort">
      <label for="why">Why, for the journal (may be left out)</label>
      <textarea id="why" name="reason" rows="2" maxlength="2000"></textarea>
      <button class="stop" id="abort">Stop it</button>
    </form>
  </details>`;
}
