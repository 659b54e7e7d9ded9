import { defineErrors, error } from "./definition.js";

/** What goes wrong with Terraform and OpenTofu as steps. Part of `coreErrors`. */
export const terraformErrors = defineErrors({
  TERRAFORM_FAILED: error<{ command: string; code: number; output: string }>({
    status: 500,
    retryable: false,
    message: ({ command, code, output }) => `${command} ended with exit code ${String(code)}:\n${output}`,
    hint: () => "See `logs` for all that it said, and mend what it complains of.",
  }),
  TERRAFORM_LOCKED: error<{ folder: string; lock: string; who: string; since: string }>({
    status: 409,
    retryable: true,
    message: ({ folder, lock, who, since }) => `The state of ${folder} is locked by ${who} since ${since} (lock ${lock}).`,
    hint: ({ lock }) => `Wait until that has ended. If its process is gone for certain, free it with \`force-unlock ${lock}\`.`,
  }),
  TERRAFORM_DESTROYS: error<{ folder: string; addresses: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ folder, addresses }) => `The plan of ${folder} would destroy ${addresses.join(", ")}.`,
    hint: () => "If that is meant, allow it with `allowDestroy: true`; nothing has been applied.",
  }),
  TERRAFORM_PLAN_GONE: error<{ file: string }>({
    status: 409,
    retryable: false,
    message: ({ file }) => `The planned changes are not here: there is no file ${file}.`,
    hint: () => "A plan is applied on the machine that made it. Deploy again: a new plan is made.",
  }),
  TERRAFORM_PLAN_CHANGED: error<{ file: string; expected: string; found: string }>({
    status: 409,
    retryable: false,
    message: ({ file, expected, found }) =>
      `The file ${file} is not the plan that was shown: its digest is ${found} instead of ${expected}.`,
    hint: () => "Find out who has changed it. Then deploy again: a new plan is made.",
  }),
  TERRAFORM_STATE_MOVED: error<{ folder: string; planned: string; found: string; changes: string }>({
    status: 409,
    retryable: false,
    message: ({ folder, planned, found, changes }) =>
      `The state of ${folder} has moved from ${planned} to ${found} since the plan was made, and is not what was planned: ${changes}.`,
    hint: () => "Deploy again: a new plan starts from what there is now, and finishes what was cut off.",
  }),
  TERRAFORM_STATE_DIFFERS: error<{ folder: string; expected: string; found: string }>({
    status: 409,
    retryable: false,
    message: ({ folder, expected, found }) => `The state of ${folder} is another one (${found}) than that which was applied (${expected}).`,
    hint: () => "Both folders have to name the same backend; a local state belongs to its folder alone.",
  }),
  TERRAFORM_OUTPUTS_WRONG: error<{ folder: string; problems: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ folder, problems }) => `After it was applied, the outputs of ${folder} are not as expected: ${problems.join("; ")}.`,
    hint: () => "What was applied is in place. Mend the configuration or what is expected of it, and deploy again.",
  }),
  TERRAFORM_FOLDER_CHANGED: error<{ folder: string }>({
    status: 409,
    retryable: false,
    message: ({ folder }) => `The files of ${folder} are not those that the deployment was planned with.`,
    hint: () => "Deploy again, or recover where the same files are.",
  }),
  TERRAFORM_FOLDER_UNREADABLE: error<{ folder: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ folder, problem }) => `The folder ${folder} cannot be read: ${problem}`,
    hint: () => "Mend the option `folder`: it is taken from the folder that the deployment is started in.",
  }),
  TERRAFORM_ANSWER_STRANGE: error<{ command: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ command, problem }) => `What ${command} answered is not understood: ${problem}`,
    hint: () => "Check that the program is Terraform 1.x or OpenTofu 1.x.",
  }),
});
