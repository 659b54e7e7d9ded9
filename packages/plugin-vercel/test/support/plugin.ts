import {
  isSecretReference,
  secret,
  Secret,
  type AnyPlugin,
  type CandidateCheck,
  type Clock,
  type DeployTarget,
  type ProviderCheck,
} from "@fairlead/core";
import { vercel } from "../../src/index.js";
import type { VercelOptions } from "../../src/options.js";
import { createLog, type LogRecord } from "./calls.js";
import { createFastClock } from "./fast-clock.js";

/** What the secrets of the tests are. */
const secrets: Readonly<Record<string, string>> = { VERCEL_TOKEN: "emulatorToken", VERCEL_BYPASS: "let-me-in" };

export interface RunningPlugin {
  readonly target: DeployTarget & Required<Pick<DeployTarget, "discard" | "logs">>;
  readonly site: CandidateCheck;
  readonly project: ProviderCheck;
  readonly records: readonly LogRecord[];
}

export interface PluginSetting {
  readonly environment?: string;
  readonly clock?: Clock;
  readonly values?: Readonly<Record<string, string>>;
}

/** Sets the plugin up as a deployer does it. */
export async function setUpPlugin(
  options: Omit<VercelOptions, "token" | "project"> & { readonly project?: string },
  { environment = "production", clock = createFastClock(20), values = secrets }: PluginSetting = {},
): Promise<RunningPlugin> {
  const plugin: AnyPlugin = vercel({ project: "shop", token: secret("VERCEL_TOKEN"), ...options });
  const checked = await plugin.schema["~standard"].validate(plugin.options);
  if (checked.issues !== undefined) throw new Error(JSON.stringify(checked.issues));
  const records: LogRecord[] = [];
  const context = { name: "vercel", application: "shop", environment, clock, log: createLog(records), redact: (text: string) => text };
  const { target, checks = [] } = await plugin.setup(resolved(checked.value, values), context);
  const site = checks.find((check) => check.scope === "candidate");
  const project = checks.find((check) => check.scope === "provider");
  if (target?.discard === undefined || target.logs === undefined || site === undefined || project === undefined)
    throw new Error("something is missing");
  return { target: { ...target, discard: target.discard, logs: target.logs }, site, project, records };
}

function resolved(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (isSecretReference(value)) return new Secret(value.name, values[value.name] ?? "");
  if (Array.isArray(value)) return value.map((item: unknown) => resolved(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]: [string, unknown]) => [name, resolved(member, values)]));
}
