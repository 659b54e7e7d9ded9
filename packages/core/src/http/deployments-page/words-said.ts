import type { Actor } from "../../contract/deployment-events.js";
import { hasEnded } from "../../machine/index.js";
import { actorOf } from "../deploy/actor.js";
import { requireBegun } from "../deploy/find.js";
import type { HttpDeployer } from "../http-options.js";
import type { Identity } from "../identity.js";

export type Word = "approve" | "reject" | "abort";

export interface WordGiven {
  readonly digest?: string | undefined;
  readonly reason?: string | undefined;
}

/** Records the word of a person. Said twice, as by a form that is sent again, it is said once. Throws what the deployer throws. */
export async function sayWord(
  deployer: HttpDeployer,
  word: Word,
  { deploymentId, identity, given }: { readonly deploymentId: string; readonly identity: Identity | undefined; readonly given: WordGiven },
): Promise<void> {
  const { id } = await requireBegun(deployer, deploymentId);
  const { digest, reason } = given;
  const actor = actorOf(identity);
  try {
    const input = { deploymentId: id, actor, recordOnly: true, ...(reason === undefined ? {} : { reason }) };
    await deployer[word](digest === undefined || word === "abort" ? input : { ...input, digest });
  } catch (error) {
    if (!(await isSaid(deployer, id, { word, actor, digest }))) throw error;
  }
}

async function isSaid(
  deployer: HttpDeployer,
  id: string,
  { word, actor, digest }: { readonly word: Word; readonly actor: Actor; readonly digest: string | undefined },
): Promise<boolean> {
  const { approvals, rejections, abort, phase } = await (await deployer.deployment(id)).state();
  if (word === "abort")
    return abort?.actor.name === actor.name && (hasEnded(phase) || phase === "rolling_back" || phase === "needs_attention");
  const words = word === "approve" ? approvals : rejections;
  return words.some((one) => one.actor.name === actor.name && one.digest === digest);
}
