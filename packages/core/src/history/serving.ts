import type { DeployedRelease, ServingFact } from "../contract/deployment-events.js";
import { hasEnded, type DeploymentState } from "../machine/index.js";
import { listed } from "./words.js";

/** What serves, as the journals say: what this deployment left, and what has come since. */
export function explainServing(state: DeploymentState, serving: DeployedRelease | undefined): string {
  const { environment } = state.plan;
  const now = `${environment} serves ${serving === undefined ? "nothing" : `release ${serving.release.id}`}`;
  return hasEnded(state.phase) && state.phase !== "abandoned" ? afterEnd(state, serving, now) : beforeEnd(state, now);
}

function beforeEnd({ phase, attention }: DeploymentState, now: string): string {
  const facts = attention?.serving ?? [];
  const said = facts.length === 0 ? "" : `When it stopped, the targets said: ${listed(facts.map(factWords))}. `;
  return `${said}${hasEnded(phase) ? "The" : "Until it has ended, the"} journal says that ${now}.`;
}

function afterEnd(state: DeploymentState, serving: DeployedRelease | undefined, now: string): string {
  const left = leaves(state) ? state.plan.release.id : state.plan.previousRelease;
  if (serving?.release.id !== left) {
    const changed = state.intents.length > 0 || leaves(state);
    const then = changed ? `left ${left === undefined ? "nothing" : `release ${left}`}` : "changed nothing";
    return `${now}${serving === undefined ? "" : ` since ${serving.deploymentId}`}, which came later. This deployment ${then}.`;
  }
  if (serving === undefined) return `${now}: it had served nothing before.`;
  return leaves(state) ? `${now}, which it put there.` : `${now}, as before.`;
}

/** Whether its own release served at its end. */
function leaves({ phase, kind, outcome }: DeploymentState): boolean {
  return phase === "succeeded" && (outcome !== "unchanged" || kind !== "deploy");
}

function factWords({ component, known, candidate, release, note }: ServingFact): string {
  if (!known) return `what serves as ${component} is not known${note === null ? "" : ` (${note})`}`;
  if (candidate === null) return `nothing serves as ${component}`;
  return `${candidate}${release === null ? "" : ` of ${release}`} serves as ${component}${note === null ? "" : ` (${note})`}`;
}
