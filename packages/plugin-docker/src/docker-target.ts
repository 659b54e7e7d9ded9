import { fail, type Clock, type DeployTarget } from "@fairlead/core";
import { containersOf, findByKey, requireCandidate, retainedOf, servingOf, toCandidate } from "./containers.js";
import { discard } from "./discard.js";
import { dockerErrors } from "./docker-errors.js";
import type { DockerEngine, RegistryCredentials } from "./engine/docker-engine.js";
import { parseImageReference } from "./engine/image-reference.js";
import { usualSettings, type DockerSettings, type WorkerSettings } from "./options.js";
import { prepare } from "./prepare.js";
import { promote } from "./promote.js";

/** Most that the engine itself takes for starting, looking and updating, in milliseconds. */
const engineTime = 3_000;

/** Worker components on one Docker engine. */
export function createDockerTarget({
  engine,
  clock,
  settings,
}: {
  readonly engine: DockerEngine;
  readonly clock: Clock;
  readonly settings: DockerSettings;
}): DeployTarget {
  const contextOf = (component: string) => ({ engine, clock, settings: settingsOf(settings, component) });
  return {
    roles: ["worker"],
    description: `Docker engine at ${settings.socketPath}`,
    promoteTimeout: longestPromote(settings),
    describe: () => ({ socketPath: settings.socketPath }),

    prepare(input, call) {
      const credentials = input.artifact.kind === "image" ? credentialsFor(settings, input.artifact.reference) : undefined;
      return prepare({ ...contextOf(input.component), credentials }, input, call);
    },

    async observe(input, { signal }) {
      const container = await findByKey(engine, input, input.key, signal);
      return container === undefined ? { status: "absent" } : { status: "applied", candidate: toCandidate(container) };
    },

    promote: (input, call) => promote(contextOf(input.component), input, call),
    current: async (input, { signal }) => servingOf(await containersOf(engine, input, signal)),
    discard: (input, call) => discard(contextOf(input.component), input, call),
    retained: async (input, { signal }) => retainedOf(await containersOf(engine, input, signal)),

    async *logs(input, { signal }) {
      const { id } = await requireCandidate(engine, input, signal);
      yield* engine.logs(id, input.since === undefined ? {} : { since: input.since }, signal);
    },
  };
}

/** How a component runs. Throws `DOCKER_COMPONENT_UNKNOWN` where the components are named and it is not among them. */
export function settingsOf({ components }: DockerSettings, component: string): WorkerSettings {
  if (components === undefined) return usualSettings;
  const settings = components[component];
  if (settings !== undefined) return settings;
  throw fail(dockerErrors, "DOCKER_COMPONENT_UNKNOWN", { component, known: Object.keys(components) });
}

/** Only the registry that they are for is shown the credentials. */
function credentialsFor({ registries }: DockerSettings, reference: string): RegistryCredentials | undefined {
  const known = registries[parseImageReference(reference).registry];
  return known === undefined ? undefined : { username: known.username, password: known.password.reveal() };
}

/** A start, the time until it is healthy, the time it has to stay so, and a stop; two stops where the old one is stopped before and the new one may have to be stopped after. */
function longestPromote({ components }: DockerSettings): number {
  const each = Object.values(components ?? { usual: usualSettings }).map(
    ({ startTimeout, minHealthyTime, stopTimeout, overlap }) =>
      startTimeout + minHealthyTime + stopTimeout * (overlap === "stop-first" ? 2 : 1),
  );
  return Math.max(0, ...each) + engineTime;
}
