import { defineErrors, error, formatMilliseconds } from "@fairlead/core";
import type { FailureReport } from "./failure-report.js";

/** What the Docker plugin may throw. */
export const dockerErrors = defineErrors({
  DOCKER_UNREACHABLE: error<{ socketPath: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ socketPath, problem }) => `No Docker engine answers at ${socketPath}: ${problem}`,
    hint: () => "Start the engine, or name its socket with `socketPath`.",
  }),
  DOCKER_PERMISSION_DENIED: error<{ socketPath: string }>({
    status: 500,
    retryable: false,
    message: ({ socketPath }) => `This process may not open ${socketPath}.`,
    hint: () => "Run it as a user of the group that owns the socket, usually `docker`.",
  }),
  DOCKER_TIMEOUT: error<{ operation: string; after: number }>({
    status: 504,
    retryable: true,
    message: ({ operation, after }) => `The Docker engine did not answer within ${formatMilliseconds(after)} (${operation}).`,
    hint: () => "Look at the load and the log of the engine; what is true is read again before anything else is done.",
  }),
  DOCKER_ENGINE_FAILED: error<{ operation: string; status: number; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ operation, status, problem }) => `The Docker engine could not ${operation} (${String(status)}): ${problem}`,
    hint: () => "Look at the log of the engine.",
  }),
  DOCKER_REQUEST_REFUSED: error<{ operation: string; status: number; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ operation, status, problem }) => `The Docker engine refused to ${operation} (${String(status)}): ${problem}`,
    hint: () => "Mend what it names, then deploy again.",
  }),
  DOCKER_ANSWER_UNREADABLE: error<{ operation: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ operation, problem }) => `The answer of the Docker engine to "${operation}" is not what its API promises: ${problem}`,
    hint: () => "Check that a Docker engine listens at the socket, and its version with `doctor`.",
  }),
  DOCKER_IMAGE_MISSING: error<{ reference: string; problem: string }>({
    status: 404,
    retryable: false,
    message: ({ reference, problem }) => `There is no image ${reference}, neither here nor at its registry: ${problem}`,
    hint: () => "Push it first, or mend its name; a private registry also says this to whoever has not logged in (`registries`).",
  }),
  DOCKER_REGISTRY_REFUSED: error<{ reference: string; registry: string; problem: string }>({
    status: 502,
    retryable: false,
    message: ({ reference, registry, problem }) => `${registry} refused to hand out ${reference}: ${problem}`,
    hint: ({ registry }) => `Give the plugin credentials: \`registries: { "${registry}": { username, password: secret("…") } }\`.`,
  }),
  DOCKER_PULL_FAILED: error<{ reference: string; problem: string }>({
    status: 502,
    retryable: true,
    message: ({ reference, problem }) => `The image ${reference} could not be pulled, and there is none here: ${problem}`,
    hint: () => "Check that the engine reaches the registry.",
  }),
  DOCKER_COMPONENT_UNKNOWN: error<{ component: string; known: readonly string[] }>({
    status: 500,
    retryable: false,
    message: ({ component, known }) => `The Docker plugin has no component "${component}". It has: ${known.join(", ")}.`,
    hint: ({ component }) => `Add \`${component}: {}\` to its \`components\`, or mend the name there.`,
  }),
  DOCKER_ARTIFACT_UNSUPPORTED: error<{ component: string; kind: string }>({
    status: 400,
    retryable: false,
    message: ({ component, kind }) => `${component} is a ${kind}; a Docker engine runs images.`,
    hint: () => 'Build an image and give it as the source: `source: image("registry.example/worker:1.4.2")`.',
  }),
  DOCKER_NETWORK_MISSING: error<{ component: string; network: string }>({
    status: 409,
    retryable: false,
    message: ({ component, network }) => `The engine has no network "${network}" for ${component} to join.`,
    hint: ({ network }) => `Make it with \`docker network create ${network}\`, or mend the name.`,
  }),
  DOCKER_HEALTHCHECK_TOO_SLOW: error<{ component: string; image: string; firstAnswer: number; startTimeout: number }>({
    status: 409,
    retryable: false,
    message: ({ component, image, firstAnswer, startTimeout }) =>
      `The HEALTHCHECK of ${image} is first asked after ${formatMilliseconds(firstAnswer)}, but ${component} must be healthy within ${formatMilliseconds(startTimeout)} (startTimeout).`,
    hint: ({ firstAnswer }) =>
      `Shorten the interval of the HEALTHCHECK, or set \`startTimeout\` to more than ${formatMilliseconds(firstAnswer)}.`,
  }),
  DOCKER_NAME_TAKEN: error<{ name: string; owner: string }>({
    status: 409,
    retryable: false,
    message: ({ name, owner }) => `The name ${name} belongs to ${owner}.`,
    hint: ({ name }) => `Rename or remove that container (\`docker rename ${name} …\`), then deploy again.`,
  }),
  DOCKER_NAME_BUSY: error<{ name: string }>({
    status: 409,
    retryable: true,
    message: ({ name }) => `The container ${name} is still being removed.`,
    hint: () => "It is free as soon as the engine has finished; look at the log of the engine if that takes long.",
  }),
  DOCKER_CANDIDATE_GONE: error<{ component: string; candidate: string }>({
    status: 404,
    retryable: false,
    message: ({ component, candidate }) => `The container ${candidate} of ${component} does not exist any more.`,
    hint: () => "Deploy that version again.",
  }),
  DOCKER_CANDIDATE_FOREIGN: error<{ component: string; candidate: string; owner: string }>({
    status: 409,
    retryable: false,
    message: ({ component, candidate, owner }) => `The container ${candidate} is not a candidate of ${component}; it belongs to ${owner}.`,
    hint: () => "Nothing was done to it. Check which engine and which component are meant.",
  }),
  DOCKER_CANDIDATE_SERVES: error<{ component: string; candidate: string }>({
    status: 409,
    retryable: false,
    message: ({ component, candidate }) => `The container ${candidate} runs as ${component} and is not removed.`,
    hint: () => "Promote another candidate first.",
  }),
  DOCKER_GATE_FAILED: error<FailureReport>({
    status: 409,
    retryable: false,
    message: ({ component, name, explanation, stopped }) =>
      `${component} did not pass its start: ${explanation} (${name}${stopped ? "" : ", which could not be stopped"}).`,
    hint: ({ name }) =>
      `Read its last output and \`docker logs ${name}\`: it is kept, stopped. What ran before goes on, or is started again by the rollback.`,
  }),
});

declare module "@fairlead/core" {
  interface ErrorRegistry {
    readonly docker: typeof dockerErrors;
  }
}
