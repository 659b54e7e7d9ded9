import type { PluginContext } from "../../contract/plugin.js";
import type { StepDefinition } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { shownLines } from "../program/shown-lines.js";
import { changeLines, changesOf } from "./changes.js";
import { kubernetesInput, readKubernetesInput, type KubernetesInput } from "./kubernetes-input.js";
import type { KubernetesSettings } from "./kubernetes-options.js";
import { kubernetesIn } from "./kubernetes-program.js";
import { manifestsDigest } from "./manifests.js";

type Context = Pick<PluginContext, "name" | "clock" | "redact">;

/** Finds out what would change, by a dry run at the server, and shows it. Changes nothing. */
export function planStep(settings: KubernetesSettings, context: Context): StepDefinition {
  return {
    id: "plan",
    stage: "preflight",
    description: `find out what ${settings.manifests.join(", ")} would change`,
    get input() {
      return kubernetesInput(settings);
    },
    effect: false,
    idempotency: "natural",
    reversibility: "leave",
    timeout: settings.timeout,
    settle: `${settings.grace + 1_000}ms`,
    run: async (given, call) => {
      const input = readKubernetesInput(given);
      requireSameManifests(input);
      const kubectl = await kubernetesIn({ settings, context, input, call });
      const changes = await changesOf(kubectl, input.manifests);
      const lines = changeLines(changes);
      for (const line of lines) call.log.info(line);
      return {
        hasChanges: changes.some(({ action }) => action !== "none"),
        summary: [...shownLines(lines)],
        server: await kubectl.server(),
        objects: changes.map(({ address, action, digest }) => ({ address, action, digest })),
      };
    },
  };
}

/** Throws `KUBERNETES_MANIFESTS_CHANGED`. */
export function requireSameManifests({ manifests, digest }: KubernetesInput): void {
  if (manifestsDigest(manifests) !== digest) throw fail(coreErrors, "KUBERNETES_MANIFESTS_CHANGED", { manifests });
}
