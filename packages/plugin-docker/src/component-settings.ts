import { fail } from "@fairlead/core";
import { dockerErrors } from "./docker-errors.js";
import { usualSettings, type DockerSettings, type WorkerSettings } from "./options.js";

/** How a component runs. Throws `DOCKER_COMPONENT_UNKNOWN` where the components are named and it is not among them. */
export function settingsOf({ components }: DockerSettings, component: string): WorkerSettings {
  if (components === undefined) return usualSettings;
  const settings = components[component];
  if (settings !== undefined) return settings;
  throw fail(dockerErrors, "DOCKER_COMPONENT_UNKNOWN", { component, known: Object.keys(components) });
}
