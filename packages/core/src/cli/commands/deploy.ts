import type { SchemaCompatibility } from "../../contract/migrator.js";
import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { exitCodeOfResult } from "../exit-codes.js";
import { follow } from "../follow.js";
import { environmentOf } from "../subject.js";
import { actorFlags, detailFlags, environmentBrief, textFlag, type ActorFlags, type DetailFlags } from "./shared-flags.js";

interface DeployFlags extends ActorFlags, DetailFlags {
  readonly key?: string;
  readonly accept?: Exclude<SchemaCompatibility, "code-only">;
  readonly force?: boolean;
  readonly unpin?: boolean;
  readonly noWait?: boolean;
}

export const deployCommand = defineCommand<DeployFlags>({
  name: "deploy",
  brief: "Deploy a release and watch it to its end",
  description: "Makes the plan, records the deployment and drives it. A release that fails takes itself back. Ctrl-C asks it to stop.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded, nothing was deployed.",
  examples: ["deploy production", 'deploy production --reason "mend the basket"', "deploy staging --key build-1742 --json"],
  flags: {
    ...actorFlags,
    ...detailFlags,
    key: textFlag("The same key gives the same deployment", "key"),
    accept: { kind: "enum", values: ["needs-down", "irreversible"], brief: "Migrations that bar the way back", optional: true },
    force: { kind: "boolean", brief: "Deploy also what serves already", optional: true },
    unpin: { kind: "boolean", brief: "Deploy although a rollback has pinned the environment", optional: true },
    noWait: { kind: "boolean", brief: "Do not wait with a deployment that may not begin yet", optional: true },
  },
  async run(session, { reason, actor: given, key, accept, force, unpin, noWait = false, detailedExitCode = false }, subject) {
    const { deployer, env } = session;
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, env);
    return follow(session, {
      waiting: `making the plan for ${environment}`,
      environment,
      actor,
      interrupt: "abort-own",
      waits: !noWait,
      exitCode: (result) => exitCodeOfResult(result, { detailed: detailedExitCode }),
      begin: (signal) =>
        deployer.deploy({
          environment,
          actor,
          signal,
          ...(reason === undefined ? {} : { reason }),
          ...(key === undefined ? {} : { key }),
          ...(accept === undefined ? {} : { accept }),
          ...(force === undefined ? {} : { force }),
          ...(unpin === undefined ? {} : { unpin }),
          ...(isSet(env["CI"]) ? { automatic: true } : {}),
        }),
    });
  },
});

/** What a job of a CI system deploys, nobody asked for explicitly unless they say so. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
