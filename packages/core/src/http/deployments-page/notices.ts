import type { DeploymentState } from "../../machine/index.js";
import { html, type Html } from "../../status/page/html.js";
import type { DeploymentStatus } from "../deploy/schemas.js";
import type { Word } from "./words-said.js";

/** What a command has answered, by the word that the address of the page has. Nothing of an address is shown. */
const notices = {
  approved: "You agreed. It is in the journal.",
  rejected: "You refused. It is in the journal.",
  stopping: "You asked it to stop. It is in the journal.",
  asked: "The rollback is recorded. A worker is there and carries it out.",
  waits: "The rollback is recorded, but no worker is there now: it waits until one comes. Start one: a process that calls deployer.work().",
} as const;

export type Notice = keyof typeof notices;

/** What the notice has to stand up to. */
type About = Pick<DeploymentStatus, "kind" | "phase" | "endedAt"> & { readonly words: readonly Word[] };

/** What is so: anybody can write an address. Empty where it is not, or not any more. */
function told(did: Notice, { kind, phase, endedAt, words }: About): string {
  switch (did) {
    case "approved":
      return words.includes("approve") ? notices.approved : "";
    case "rejected":
      return words.includes("reject") ? notices.rejected : "";
    case "stopping":
      return words.includes("abort") && endedAt === null && phase !== "needs_attention" ? notices.stopping : "";
    case "asked":
    case "waits":
      if (kind !== "rollback" || endedAt !== null || phase === "refused") return "";
      return phase === "requested" ? notices[did] : "The rollback is recorded.";
  }
}

export function notice(did: string | undefined, about: About): Html {
  if (did === undefined || !Object.hasOwn(notices, did)) return html``;
  const words = told(did as Notice, about);
  return words === "" ? html`` : html`<p class="banner m" role="status">${words}</p>`;
}

/** What somebody has said to a deployment as it is. */
export function wordsOf({ approvals, rejections, abort, plan }: DeploymentState, name: string): readonly Word[] {
  const isOwn = ({ actor, digest, step }: DeploymentState["approvals"][number]): boolean =>
    actor.name === name && (step !== null || digest === plan.digest);
  return [
    ...(approvals.some(isOwn) ? (["approve"] as const) : []),
    ...(rejections.some(isOwn) ? (["reject"] as const) : []),
    ...(abort?.actor.name === name ? (["abort"] as const) : []),
  ];
}
