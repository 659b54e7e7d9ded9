import type { ComponentSpec } from "../config/environment-spec.js";
import type { PlanStep } from "../contract/plan.js";
import type { Release } from "../contract/release.js";
import { digestOf } from "../json/canonical-json.js";
import type { Json } from "../json/json.js";

/** What a release is made of, and how it is to run. */
export interface Content {
  readonly components: readonly ComponentSpec[];
  readonly artifacts: Release["artifacts"];
  /** The options of each component's target, by the target's name. */
  readonly settings: Readonly<Record<string, Json | undefined>>;
  readonly migrations: Release["migrations"];
  readonly config: Json | undefined;
  /** Versions of secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly steps: readonly PlanStep[];
}

/** Equal digests: deploying the one over the other would change nothing. Where files lie, what images are called and how steps are described does not count. */
export function contentDigestOf({ components, artifacts, settings, migrations, config, secrets, steps }: Content): string {
  return digestOf({
    components: Object.fromEntries(
      components.map(({ name, role, target, variables }) => [name, { role, variables, target, settings: settings[target] }]),
    ),
    artifacts: Object.fromEntries(Object.entries(artifacts).map(([name, { kind, digest }]) => [name, { kind, digest }])),
    migrations: migrations.map(({ id, checksum }) => ({ id, checksum })),
    config,
    secrets,
    // A release that brings other infrastructure is another one, though its components are the same.
    steps: steps.map(({ operation, input }) => ({ operation, input })),
  });
}
