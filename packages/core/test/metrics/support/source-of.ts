import {
  createRedactor,
  isSecretReference,
  Secret,
  systemClock,
  type AnyPlugin,
  type Clock,
  type MetricSource,
} from "../../../src/index.js";

/** Sets a plugin up as a deployer does, with these secrets, and answers its source of metrics. Throws what a configuration would be refused with. */
export async function sourceOf(
  plugin: AnyPlugin,
  { secrets = {}, clock = systemClock }: { readonly secrets?: Readonly<Record<string, string>>; readonly clock?: Clock } = {},
): Promise<MetricSource> {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(secrets)) redactor.register(name, value);
  const checked = await plugin.schema["~standard"].validate(plugin.options);
  if (checked.issues !== undefined) throw new Error(checked.issues.map(({ message }) => message).join("\n"));
  const silent = () => undefined;
  const { metrics } = await plugin.setup(revealed(checked.value, secrets), {
    name: plugin.name,
    application: "shop",
    environment: "production",
    clock,
    log: { info: silent, warn: silent, error: silent },
    redact: (text) => redactor.text(text),
  });
  if (metrics === undefined) throw new Error(`${plugin.name} provides no metrics`);
  return metrics;
}

function revealed(value: unknown, secrets: Readonly<Record<string, string>>): unknown {
  if (isSecretReference(value)) return new Secret(value.name, secrets[value.name] ?? "");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revealed(member, secrets)]));
}
