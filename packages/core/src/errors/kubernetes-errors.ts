import { defineErrors, error } from "./definition.js";

/** What goes wrong with manifests of Kubernetes as steps. Part of `coreErrors`. */
export const kubernetesErrors = defineErrors({
  KUBERNETES_FAILED: error<{ command: string; code: number; output: string }>({
    status: 500,
    retryable: false,
    message: ({ command, code, output }) => `${command} ended with exit code ${String(code)}:\n${output}`,
    hint: () => "See `logs` for all that it said, and mend what it complains of.",
  }),
  KUBERNETES_UNREACHABLE: error<{ command: string; code: number; output: string }>({
    status: 503,
    retryable: true,
    message: ({ command, output }) => `${command} did not get an answer from the cluster:\n${output}`,
    hint: () => "Check that the cluster is up and can be reached from here, and the context of the kubeconfig.",
  }),
  KUBERNETES_CONFLICT: error<{ conflicts: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ conflicts }) => `Somebody else manages what the manifests would change: ${conflicts.join("; ")}.`,
    hint: () => "Take these fields out of the manifests, or take them over with `forceConflicts: true`.",
  }),
  KUBERNETES_SECRET: error<{ place: string }>({
    status: 400,
    retryable: false,
    message: ({ place }) => `${place} is a Secret, which kubernetes() does not handle.`,
    hint: () =>
      "Bring Secrets into the cluster by what is made for it, e.g. External Secrets, Sealed Secrets or a CSI driver, and refer to them by name.",
  }),
  KUBERNETES_MANIFESTS_UNREADABLE: error<{ place: string; problem: string }>({
    status: 400,
    retryable: false,
    message: ({ place, problem }) => `The manifests at ${place} cannot be read: ${problem}`,
    hint: () => "Name files and folders as they are called from the folder that the deployment is started in.",
  }),
  KUBERNETES_MANIFESTS_CHANGED: error<{ manifests: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ manifests }) => `The manifests at ${manifests.join(", ")} have changed since the deployment was planned.`,
    hint: () => "Deploy again: it plans with what is there now. A recovery needs the manifests that the deployment began with.",
  }),
  KUBERNETES_MOVED: error<{ objects: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ objects }) => `Objects are not as they were when the changes were found: ${objects.join(", ")}.`,
    hint: () => "Somebody else has changed them since. Deploy again: it finds out anew what would change.",
  }),
  KUBERNETES_CLUSTER_DIFFERS: error<{ planned: string; found: string }>({
    status: 409,
    retryable: false,
    message: ({ planned, found }) =>
      `The changes were found in the cluster at ${planned}, and this kubeconfig leads to ${found === "" ? "none" : found}.`,
    hint: () => "Name the context in `context`, so that it is the same wherever the deployment goes on.",
  }),
  KUBERNETES_ROLLOUT_FAILED: error<{ problems: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ problems }) => `Not everything was rolled out: ${problems.join("; ")}.`,
    hint: () => "`kubectl describe` and `kubectl logs` of what is named tell why. If it only needs longer, raise `rollout`.",
  }),
  KUBERNETES_BEFORE_GONE: error<{ file: string }>({
    status: 409,
    retryable: false,
    message: ({ file }) => `How the objects were before this deployment is not known here: there is no ${file}.`,
    hint: () => "Go on where the deployment began, or put the objects back by hand and deploy again.",
  }),
  KUBERNETES_ANSWER_STRANGE: error<{ problem: string }>({
    status: 500,
    retryable: false,
    message: ({ problem }) => `kubectl answered something that is not understood: ${problem}.`,
    hint: () => "It is meant for kubectl 1.28 and later. Please report it with the version of yours.",
  }),
});
