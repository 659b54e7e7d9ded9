import type { Clock, DeployTarget } from "@fairlead/core";
import { settingsOf } from "./component-settings.js";
import { containersOf, findByKey, requireCandidate, retainedOf, servingOf, toCandidate } from "./containers.js";
import { discard } from "./discard.js";
import type { DockerEngine, RegistryCredentials } from "./engine/docker-engine.js";
import { parseImageReference } from "./engine/image-reference.js";
import { usualSettings, type DockerSettings } from "./options.js";
import { prepare } from "./prepare.js";
import { lookUpImage } from "./look-up-image.js";
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

    async prepare(input, call) {
      const credentials = input.artifact.kind === "image" ? credentialsFor(settings, input.artifact.reference) : undefined;
      return prepare({ ...contextOf(input.component), credentials }, input, call);
    },

    async observe(input, { signal }) {
      const container = await findByKey(engine, input, input.key, signal);
      return container === undefined ? { status: "absent" } : { status: "applied", candidate: toCandidate(container) };
    },

    async resolve({ component, reference }, call) {
      const { pull } = settingsOf(settings, component);
      return lookUpImage(engine, { reference, pull, credentials: credentialsFor(settings, reference) }, call);
    },

    promote: async (input, call) => promote(contextOf(input.component), input, call),
    current: async (input, { signal }) => servingOf(await containersOf(engine, input, signal)),
    discard: async (input, call) => discard(contextOf(input.component), input, call),
    retained: async (input, { signal }) => retainedOf(await containersOf(engine, input, signal)),

    async *logs(input, { signal }) {
      const { id } = await requireCandidate(engine, input, signal);
      yield* engine.logs(id, input.since === undefined ? {} : { since: input.since }, signal);
    },
  };
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
