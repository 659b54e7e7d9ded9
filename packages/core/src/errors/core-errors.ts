import { approvalErrors } from "./approval-errors.js";
import { analysisErrors } from "./analysis-errors.js";
import { commandErrors } from "./command-errors.js";
import { defineErrors, error } from "./definition.js";
import { envErrors } from "./env-errors.js";
import { gateErrors } from "./gate-errors.js";
import { healthErrors } from "./health-errors.js";
import { httpErrors } from "./http-errors.js";
import { notifierErrors } from "./notifier-errors.js";
import { planErrors } from "./plan-errors.js";
import { requestErrors } from "./request-errors.js";
import { rollbackErrors } from "./rollback-errors.js";
import { secretErrors } from "./secret-errors.js";
import { statusErrors } from "./status-errors.js";
import { stepErrors } from "./step-errors.js";
import { storeErrors } from "./store-errors.js";
import { kubernetesErrors } from "./kubernetes-errors.js";
import { terraformErrors } from "./terraform-errors.js";

/** What can be wrong with a configuration, a deployment or its messages, and all that is wrong with analysis, commands of plugins, the environment, health, HTTP, plans, secrets, status pages and stores. */
export const coreErrors = defineErrors({
  ...analysisErrors,
  ...envErrors,
  ...gateErrors,
  ...healthErrors,
  ...httpErrors,
  ...notifierErrors,
  ...planErrors,
  ...requestErrors,
  ...rollbackErrors,
  ...secretErrors,
  ...statusErrors,
  ...stepErrors,
  ...storeErrors,
  ...approvalErrors,
  ...commandErrors,
  ...kubernetesErrors,
  ...terraformErrors,
  UNEXPECTED_ERROR: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => problem,
    hint: () => "This is not one of Fairlead's own errors: read the message, and report it where it comes from.",
  }),
  DURATION_INVALID: error<{ value: string }>({
    status: 400,
    retryable: false,
    message: ({ value }) => `"${value}" is not a duration.`,
    hint: () => 'Write a number and one of ms, s, m, h, d, e.g. "30s" or "2m".',
  }),
  CONFIGURATION_INVALID: error<{ problems: readonly { place: string; problem: string; remedy: string }[] }>({
    status: 500,
    retryable: false,
    message: ({ problems }) =>
      `The configuration has ${problems.length === 1 ? "a problem" : `${String(problems.length)} problems`}:\n${problems
        .map(({ place, problem, remedy }, index) => `  ${String(index + 1)}. ${place}: ${problem} ${remedy}`)
        .join("\n")}`,
    hint: () => "Mend what is listed; nothing has been touched.",
  }),
  ENVIRONMENT_UNKNOWN: error<{ environment: string; known: readonly string[] }>({
    status: 404,
    retryable: false,
    message: ({ environment, known }) => `There is no environment "${environment}". There are: ${known.join(", ")}.`,
    hint: () => "Use one of these names, or add it under `environments`.",
  }),
  /** `holder` drives it now; where nobody does, `lastHolder` did. */
  ENVIRONMENT_BUSY: error<{
    environment: string;
    deploymentId: string;
    holder: string | null;
    lastHolder: string;
    since: string;
    age: string;
    /** Nobody drives it because all it does is wait. */
    waits?: boolean;
  }>({
    status: 409,
    retryable: true,
    message: ({ environment, deploymentId, holder, lastHolder, age, waits }) =>
      holder !== null
        ? `${environment} is being deployed by ${holder} for ${age} (deployment ${deploymentId}).`
        : waits === true
          ? `${environment} is held by deployment ${deploymentId}, begun ${age} ago, which waits.`
          : `${environment} is held by deployment ${deploymentId}, begun ${age} ago, whose process, ${lastHolder}, is gone.`,
    hint: ({ deploymentId, holder, waits }) =>
      holder === null && waits !== true
        ? "`recover` finishes it, and so does whoever deploys next."
        : `Wait for it, or stop it with \`abort ${deploymentId}\`.`,
  }),
  ENVIRONMENT_NEEDS_ATTENTION: error<{ environment: string; deploymentId: string; reason: string; since: string; age: string }>({
    status: 409,
    retryable: false,
    message: ({ environment, deploymentId, reason, age }) =>
      `${environment} is held by deployment ${deploymentId}, begun ${age} ago, which waits for a decision: ${reason}`,
    hint: ({ deploymentId }) =>
      `Try what failed again with \`retry ${deploymentId}\`, or give it up with \`abandon ${deploymentId} --reason "…"\`.`,
  }),
  ENVIRONMENT_CHANGED: error<{ environment: string; component: string; expected: string; found: string }>({
    status: 409,
    retryable: true,
    message: ({ environment, component, expected, found }) =>
      `While the plan was made, what serves as ${component} in ${environment} changed from ${expected} to ${found}.`,
    hint: () => "Deploy again: a new plan starts from what serves now.",
  }),
  DEPLOYMENT_UNKNOWN: error<{ deploymentId: string }>({
    status: 404,
    retryable: false,
    message: ({ deploymentId }) => `There is no deployment ${deploymentId}.`,
    hint: () => "See `history` for the ones that there are; old ones may have been removed from the journal.",
  }),
  DEPLOYMENT_ENDED: error<{ deploymentId: string; phase: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId, phase }) => `Deployment ${deploymentId} has ended already (${phase}).`,
    hint: () => "To go back to an earlier release, use `rollback`.",
  }),
  DEPLOYMENT_NOT_WAITING: error<{ deploymentId: string; phase: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId, phase }) => `Deployment ${deploymentId} does not wait for a decision (it is ${phase}).`,
    hint: () => "Only a deployment that needs attention can be retried or abandoned.",
  }),
  PRUNE_LIMIT_MISSING: error<{ environment: string | null }>({
    status: 400,
    retryable: false,
    message: ({ environment }) =>
      `Nobody has said how old a deployment${environment === null ? "" : ` of ${environment}`} has to be to be removed.`,
    hint: () => 'Say it (`prune --older-than 90d`), or configure it: `prune: { olderThan: "90d" }` of an environment.',
  }),
  FREEZE_INVALID: error<{ until: string }>({
    status: 400,
    retryable: false,
    message: ({ until }) => `A freeze cannot end at "${until}".`,
    hint: () => "Name a time in the future, such as 2026-12-27T08:00:00+01:00, or none.",
  }),
  COMMAND_UNFIT: error<{ deploymentId: string; why: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId, why }) => `That cannot be done to ${deploymentId} now. ${why}`,
    hint: () => "`status` shows where it is and what can be done.",
  }),
  DEPLOYMENT_WAITING: error<{ deploymentId: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId }) => `Deployment ${deploymentId} has stopped already and waits for a decision.`,
    hint: ({ deploymentId }) =>
      `Try what failed again with \`retry ${deploymentId}\`, or give it up with \`abandon ${deploymentId} --reason "…"\`.`,
  }),
  DEPLOYMENT_ABORTED: error<{ deploymentId: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId }) => `Deployment ${deploymentId} was asked to stop.`,
    hint: () => "Nothing to do: what was begun is taken back.",
  }),
  DEPLOYMENT_RUNNING_ELSEWHERE: error<{ deploymentId: string; holder: string; expiresIn: string }>({
    status: 409,
    retryable: true,
    message: ({ deploymentId, holder, expiresIn }) =>
      `Deployment ${deploymentId} is driven by ${holder}; its lease ends in ${expiresIn} unless it is renewed.`,
    hint: () => "Follow it with `status`; recovering is only for deployments whose process is gone.",
  }),
  PREFLIGHT_FAILED: error<{ problems: readonly { place: string; problem: string; remedy: string }[] }>({
    status: 409,
    retryable: false,
    message: ({ problems }) =>
      `Not ready to deploy:\n${problems.map(({ place, problem, remedy }) => `  ${place}: ${problem} ${remedy}`).join("\n")}`,
    hint: () => "Mend what is listed; nothing has been deployed.",
  }),
  MIGRATIONS_NOT_SAFE: error<{ findings: readonly { migration: string; message: string; hint: string }[] }>({
    status: 409,
    retryable: false,
    message: ({ findings }) =>
      `The migrations cannot run:\n${findings.map(({ migration, message, hint }) => `  ${migration}: ${message} ${hint}`).join("\n")}`,
    hint: () => "Mend the migrations; nothing has been applied.",
  }),
  SCHEMA_NOT_REVERSIBLE: error<{ environment: string; compatibility: string; migrations: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ environment, compatibility, migrations }) =>
      `After ${migrations.join(", ")} the release that serves ${environment} now could not be put back (${compatibility}).`,
    hint: ({ compatibility }) =>
      `Split the change into an expand and a contract migration, or accept it with \`--accept ${compatibility}\`: a failure then stops and asks.`,
  }),
  RELEASE_UNKNOWN: error<{ release: string; known: readonly string[] }>({
    status: 404,
    retryable: false,
    message: ({ release, known }) =>
      `Release ${release} is not retained here. Retained: ${known.length === 0 ? "none" : known.join(", ")}.`,
    hint: () => "Name one of these, or deploy that version again.",
  }),
  NOTHING_TO_ADOPT: error<{ environment: string }>({
    status: 409,
    retryable: false,
    message: ({ environment }) => `Nothing serves in ${environment} that could be adopted.`,
    hint: () => "Deploy the first release with `deploy`.",
  }),
  ALREADY_ADOPTED: error<{ environment: string; release: string }>({
    status: 409,
    retryable: false,
    message: ({ environment, release }) => `${environment} has a history already; release ${release} serves.`,
    hint: () => "Adopting is for the first time only. Deploy as usual.",
  }),
  SOURCE_MISSING: error<{ component: string }>({
    status: 400,
    retryable: false,
    message: ({ component }) => `There is no source for component "${component}".`,
    hint: ({ component }) =>
      `Give it one: \`components: { ${component}: { source: directory("./dist") } }\`, or pass \`source\` to \`deploy\`.`,
  }),
  SOURCE_UNREADABLE: error<{ component: string; path: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ component, path, problem }) => `The source of "${component}" cannot be read at ${path}: ${problem}`,
    hint: () => "Build it first, or mend the path.",
  }),
  SOURCE_NOT_HERE: error<{ component: string; digest: string }>({
    status: 409,
    retryable: false,
    message: ({ component, digest }) => `The content ${digest} of "${component}" is not on this machine.`,
    hint: () => "Recover where the deployment was started, or let it be taken back.",
  }),
  SOURCE_DIRTY: error<{ environment: string; files: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ environment, files }) =>
      `The working tree differs from its commit (${files.join(", ")}), which ${environment} does not accept.`,
    hint: () => "Commit or stash these files, name in .gitignore what is no source, or deploy a built image.",
  }),
  STEP_TIMEOUT: error<{ step: string; after: string }>({
    status: 504,
    retryable: true,
    message: ({ step, after }) => `Step ${step} did not end within ${after}.`,
    hint: () => "Nothing yet: whether it took effect is looked up at the provider. If it is only slow, give it longer with `timeouts`.",
  }),
  STEP_INTERRUPTED: error<{ step: string }>({
    status: 500,
    retryable: true,
    message: ({ step }) => `The process that ran step ${step} ended before it could say what came of it.`,
    hint: () => "Nothing yet: whether it took effect is looked up at the provider.",
  }),
  STEP_GIVEN_UP: error<{ step: string }>({
    status: 500,
    retryable: true,
    message: ({ step }) => `Step ${step} was given up because another one failed.`,
    hint: () => "Nothing: it has not failed itself. See what the other step says.",
  }),
  STEP_INDETERMINATE: error<{ step: string; reason: string }>({
    status: 500,
    retryable: false,
    message: ({ step, reason }) => `Whether step ${step} took effect cannot be found out: ${reason}`,
    hint: () => "Look at the provider yourself, then `retry` or `abandon`.",
  }),
  STEP_UNKNOWN: error<{ step: string; operation: string }>({
    status: 500,
    retryable: false,
    message: ({ step, operation }) => `Step ${step} wants ${operation}, which this process does not know.`,
    hint: () => "Recover with the same plugins and versions that began the deployment.",
  }),
  CAPABILITY_MISSING: error<{ plugin: string; capability: string; known: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ plugin, capability, known }) =>
      `No plugin "${plugin}" provides ${capability}. These do: ${known.length === 0 ? "none" : known.join(", ")}.`,
    hint: () => "Add the plugin to `plugins`, or name one of these.",
  }),
  PLUGIN_SETUP_FAILED: error<{ plugin: string; environment: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ plugin, environment, problem }) => `Plugin "${plugin}" could not be set up for ${environment}: ${problem}`,
    hint: () => "Look at its options and whether what it needs can be reached from here, then try again.",
  }),
  PLUGIN_SETUP_TIMEOUT: error<{ plugin: string; environment: string; after: string }>({
    status: 504,
    retryable: true,
    message: ({ plugin, environment, after }) => `Plugin "${plugin}" was not set up for ${environment} within ${after}.`,
    hint: () => "Look whether what it connects to can be reached from here, then try again.",
  }),
  SECRETS_UNANSWERED: error<{ source: string; environment: string; after: string }>({
    status: 504,
    retryable: true,
    message: ({ source, environment, after }) => `${source} did not answer for ${environment} within ${after}.`,
    hint: () => "Look whether it can be reached from here, then try again.",
  }),
  SECRETS_MISSING: error<{ environment: string; names: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ environment, names }) => `No value for ${names.join(", ")} in ${environment}.`,
    hint: ({ names }) => `Set ${names.length === 1 ? "it" : "them"} in the environment of the process or in the secret source.`,
  }),
  DEPLOYER_CLOSED: error({
    status: 500,
    retryable: false,
    message: () => "The deployer has been closed.",
    hint: () => "Call `close` last, or make another deployer.",
  }),
});
