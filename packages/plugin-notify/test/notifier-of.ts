import { Secret, systemClock, type AnyPlugin, type Notifier } from "@fairlead/core";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The notifier of a configured plugin, with these values for its secrets. */
export async function notifierOf(plugin: AnyPlugin, secrets: Readonly<Record<string, string>>): Promise<Notifier> {
  const options = Object.fromEntries(
    Object.entries(plugin.options as Record<string, unknown>).map(([key, value]) => {
      const name = typeof value === "object" && value !== null && "name" in value ? String(value.name) : "";
      return [key, secrets[name] === undefined ? value : new Secret(name, secrets[name])];
    }),
  );
  const redact = (text: string): string =>
    Object.entries(secrets).reduce((masked, [name, value]) => masked.replaceAll(value, `[redacted:${name}]`), text);
  const context = { name: plugin.name, application: "shop", environment: "production", clock: systemClock, log, redact };
  const { notifier } = await plugin.setup(options, context);
  if (notifier === undefined) throw new Error("it has no notifier");
  return notifier;
}
