import type { ComponentReference } from "@fairlead/core";
import type { ContainerFacts } from "./engine/facts.js";

/** What a container's labels say. They are its identity: names are for people and are never taken apart. */
export const labelNames = {
  application: "fairlead.application",
  environment: "fairlead.environment",
  component: "fairlead.component",
  release: "fairlead.release",
  /** The idempotency key that it was made for. */
  key: "fairlead.key",
  deployment: "fairlead.deployment",
  /** Digest of everything that it was made with. */
  specification: "fairlead.specification",
  /** The reference that its image was found by. */
  image: "fairlead.image",
} as const;

export type ContainerLabels = Readonly<Record<keyof typeof labelNames, string>>;

/** Labels as the engine keeps them. */
export function toLabels(labels: ContainerLabels): Readonly<Record<string, string>> {
  return Object.fromEntries(names().map((name) => [labelNames[name], labels[name]]));
}

/** The labels that all containers of a component have. */
export function componentLabels({ application, environment, component }: ComponentReference): Readonly<Record<string, string>> {
  return {
    [labelNames.application]: application,
    [labelNames.environment]: environment,
    [labelNames.component]: component,
  };
}

export function labelOf({ labels }: ContainerFacts, name: keyof typeof labelNames): string | undefined {
  return labels[labelNames[name]];
}

/** Whether a container is one of a component's. */
export function belongsTo({ labels }: ContainerFacts, reference: ComponentReference): boolean {
  return Object.entries(componentLabels(reference)).every(([name, value]) => labels[name] === value);
}

/** Whose a container is, for people. */
export function ownerOf(container: ContainerFacts): string {
  const [application, environment, component] = (["application", "environment", "component"] as const).map((name) =>
    labelOf(container, name),
  );
  if (application !== undefined) {
    return `${component ?? "?"} of ${application} in ${environment ?? "?"} (release ${labelOf(container, "release") ?? "?"})`;
  }
  const project = container.labels["com.docker.compose.project"];
  return project === undefined ? `a container that Fairlead did not make (${container.id.slice(0, 12)})` : `the compose project ${project}`;
}

function names(): readonly (keyof typeof labelNames)[] {
  return Object.keys(labelNames) as (keyof typeof labelNames)[];
}
