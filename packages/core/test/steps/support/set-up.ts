import type { AnyPlugin, Release, StepCall, StepDefinition } from "../../../src/index.js";
import { createRedactor, Secret, isSecretReference, systemClock } from "../../../src/index.js";

/** Sets a plugin up as a deployer does, with these secrets, and answers its steps. */
export async function stepsOf(plugin: AnyPlugin, secrets: Readonly<Record<string, string>> = {}): Promise<readonly StepDefinition[]> {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(secrets)) redactor.register(name, value);
  const checked = await plugin.schema["~standard"].validate(plugin.options);
  if (checked.issues !== undefined)
    throw new Error(checked.issues.map(({ message, path }) => `${nameOf(path?.[0])}: ${message}`).join("\n"));
  const { steps = [] } = await plugin.setup(revealed(checked.value, secrets), {
    name: plugin.name,
    application: "shop",
    environment: "production",
    clock: systemClock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    redact: (text) => redactor.text(text),
  });
  return steps;
}

function nameOf(part: PropertyKey | { readonly key: PropertyKey } = ""): string {
  return String(typeof part === "object" ? part.key : part);
}

function revealed(value: unknown, secrets: Readonly<Record<string, string>>): unknown {
  if (isSecretReference(value)) return new Secret(value.name, secrets[value.name] ?? "");
  if (Array.isArray(value)) return value.map((one) => revealed(one, secrets));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revealed(member, secrets)]));
}

const release: Release = {
  id: "rel_1",
  application: "shop",
  createdAt: "2026-01-01T00:00:00.000Z",
  provenance: { commit: "abc123" },
  artifacts: {},
  migrations: [],
  contentDigest: "sha256:0",
};

/** A call of a deployment whose lines are kept. */
export function createCall(
  options: { readonly key?: string; readonly signal?: AbortSignal } = {},
): StepCall & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  return {
    environment: "production",
    deploymentId: "dep_1",
    idempotencyKey: options.key ?? "dep_1/a.run",
    signal: options.signal ?? new AbortController().signal,
    log: { info: write, warn: write, error: write },
    release,
    lines,
  };
}

/** Runs a step with what the plan has pinned of it. */
export function runStep(step: StepDefinition, call: StepCall) {
  return step.run(pinned(step), call);
}

/** The input of a step as it comes back from the plan. */
export function pinned(step: StepDefinition): NonNullable<StepDefinition["input"]> {
  return JSON.parse(JSON.stringify(step.input ?? {})) as NonNullable<StepDefinition["input"]>;
}
