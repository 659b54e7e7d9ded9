import type { CheckResult, ProviderCheck } from "@fairlead/core";
import type { VercelProject } from "../api/project.js";
import type { VercelContext } from "../context.js";
import type { Placement } from "../placement.js";
import { apiTrouble } from "./api-trouble.js";

/** Whether a deployment could begin: the token is valid, the project is there, and nothing moves its production behind our back. */
export function createProjectCheck(context: VercelContext): ProviderCheck {
  const { name, client, settings, placement } = context;
  return {
    name: `${name}-project`,
    scope: "provider",
    timeout: `${settings.requestTimeout * 3}ms`,
    async run({ signal }) {
      try {
        const project = await client.project(signal);
        return placement.kind === "production" ? judge(context, project) : await judgeDomain(context, placement, project, signal);
      } catch (error) {
        signal.throwIfAborted();
        return { status: "down", ...apiTrouble(error) };
      }
    },
  };
}

function judge({ settings }: VercelContext, project: VercelProject): CheckResult {
  const { id, name, git, autoAssigns, rollingRelease } = project;
  if (git !== undefined && autoAssigns !== false && settings.gitIntegration === "refuse") {
    return {
      status: "down",
      reason: "git_integration",
      message: `${name} deploys ${git.repository === "" ? "a Git repository" : git.repository} by itself: a push to ${git.productionBranch} would replace what Fairlead has deployed.`,
      hint: `Disconnect the repository in the project's settings, or turn off "Auto-assign Custom Production Domains" there. If vercel.json says \`"git": { "deploymentEnabled": false }\`, say \`gitIntegration: "ignore"\`.`,
    };
  }
  if (rollingRelease) {
    return {
      status: "down",
      reason: "rolling_release",
      message: `${name} has rolling releases: a promotion would move its traffic step by step, and without Fairlead knowing when it ends.`,
      hint: "Turn them off in the project's settings.",
    };
  }
  // Since a rollback nothing takes production by itself, which is what Fairlead wants; the next promotion ends that.
  return { status: "up", data: { project: name, id, pinned: autoAssigns === false } };
}

/** A domain that Vercel moves with production cannot belong to another environment too. */
async function judgeDomain(
  { client }: VercelContext,
  { domain, environment }: Extract<Placement, { kind: "preview" }>,
  { id, name }: VercelProject,
  signal: AbortSignal,
): Promise<CheckResult> {
  if (domain === undefined || !(await client.productionDomains(signal)).includes(domain))
    return { status: "up", data: { project: name, id } };
  return {
    status: "down",
    reason: "production_domain",
    message: `${domain} is a production domain of ${name}, and ${environment} would take it from production.`,
    hint: "Give the environment another domain, or take this one away from production in the project's settings.",
  };
}
