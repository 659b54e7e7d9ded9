import type { Actor } from "../../contract/deployment-events.js";
import type { Identity } from "../identity.js";

/** Journals, and the counting of who has agreed, know people by their ids. */
export function actorOf(identity: Identity | undefined): Actor {
  return { name: identity?.id ?? "anonymous", via: "api" };
}
