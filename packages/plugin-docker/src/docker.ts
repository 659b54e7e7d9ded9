import { definePlugin, type PluginFactory } from "@fairlead/core";
import { createDockerChecks } from "./docker-checks.js";
import { createDockerTarget } from "./docker-target.js";
import { createDockerodeEngine } from "./engine/dockerode-engine.js";
import { dockerOptions, type DockerOptions } from "./options.js";

/**
 * Runs worker components as containers on one Docker engine: `docker({ components: { worker: { stopTimeout: "30s" } } })`. Provides the target, and checks of the engine
 * and of what runs on it. The first call to the engine loads its client; making the plugin does nothing.
 */
export const docker: PluginFactory<"docker", "target" | "checks", DockerOptions> = definePlugin({
  id: "docker",
  provides: ["target", "checks"],
  options: dockerOptions,
  setup: (settings, { name, clock }) => {
    const engine = createDockerodeEngine({ socketPath: settings.socketPath, clock });
    return {
      target: createDockerTarget({ engine, clock, settings }),
      checks: createDockerChecks({ name, engine, clock, settings }),
    };
  },
});
