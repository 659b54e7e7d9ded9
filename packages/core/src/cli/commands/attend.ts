import type { Actor } from "../../contract/index.js";
import { findActor } from "../actor.js";
import { follow, type FollowOptions } from "../follow.js";
import type { CommandEnd, Session } from "../session.js";
import { beginningWith, deploymentOf } from "../subject.js";

/** What is done about a deployment that needs attention. */
export interface Attention extends Pick<FollowOptions, "interrupt" | "exitCode"> {
  /** What a person reads while nothing has come of it yet. */
  readonly waiting: (deploymentId: string) => string;
  readonly begin: (about: { readonly deploymentId: string; readonly actor: Actor }) => ReturnType<FollowOptions["begin"]>;
}

/** Does something about a deployment that needs attention, the one that was named or that of the environment, and follows it to its end. */
export async function attend(
  session: Session,
  given: string | undefined,
  subject: string | undefined,
  { waiting, begin, ...options }: Attention,
): Promise<CommandEnd> {
  const deploymentId = await deploymentOf(session, subject, beginningWith("needs_attention"));
  const actor = await findActor(given, session.env);
  const since = await (await session.deployer.deployment(deploymentId)).state();
  return follow(session, {
    ...options,
    since,
    actor,
    environment: undefined,
    waiting: waiting(deploymentId),
    begin: () => begin({ deploymentId, actor }),
  });
}
