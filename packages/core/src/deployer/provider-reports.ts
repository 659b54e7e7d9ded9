import type { ComponentSpec } from "../config/environment-spec.js";
import type { CallOptions } from "../contract/call.js";
import type { AnyPlugin } from "../contract/plugin.js";
import { askProvider } from "../engine/ask-provider.js";
import { serializeError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { askChecks } from "./reports.js";
import type { Runtime } from "./runtime.js";
import type { CheckReport } from "./types.js";

/** Whether an environment could be deployed to: every plugin is set up, every target asked what serves, every check of a provider run. What fails is a line. */
export async function providerReports(runtime: Runtime, plugins: readonly AnyPlugin[], call: CallOptions): Promise<readonly CheckReport[]> {
  const { clock } = runtime.engine;
  const setups = await Promise.all(plugins.map((plugin) => report(clock, { provider: plugin.name, ...setUp(runtime, plugin) })));
  const failed = new Set(setups.filter(({ status }) => status === "down").map(({ provider }) => provider));
  const askable = runtime.spec.components.filter(({ target }) => !failed.has(target));
  const targets = await Promise.all(askable.map((component) => report(clock, currentOf(runtime, component, call))));
  const canAsk = plugins.every(({ name, provides }) => !provides.includes("checks") || !failed.has(name));
  return [...setups, ...targets, ...(canAsk ? await askChecks(runtime, "provider", call) : [])];
}

/** A line about something that could not even be begun. */
export function failedReport(provider: string, name: string, error: unknown): CheckReport {
  const { message, hint } = serializeError(error);
  return { provider, name, critical: true, status: "down", reason: null, message, hint, latency: 0 };
}

interface Attempt {
  readonly provider: string;
  readonly name: string;
  readonly critical: boolean;
  readonly act: () => Promise<unknown>;
}

function setUp({ capabilities }: Runtime, { name, provides }: AnyPlugin): Omit<Attempt, "provider"> {
  return {
    name: "setup",
    // A channel that is down stops no deployment.
    critical: provides.some((capability) => capability !== "notifier"),
    act: () => Promise.all(provides.map((capability) => capabilities.get(name, capability))),
  };
}

function currentOf({ spec, capabilities, engine }: Runtime, { name, role, target }: ComponentSpec, call: CallOptions): Attempt {
  const reference = { application: engine.application, environment: spec.name, component: name, role };
  const act = async (): Promise<unknown> => {
    const deployTarget = await capabilities.get(target, "target");
    return askProvider(engine.clock, call, `what serves as ${name}`, (options) => deployTarget.current(reference, options));
  };
  return { provider: target, name: `what serves as ${name}`, critical: true, act };
}

async function report(clock: Clock, { provider, name, critical, act }: Attempt): Promise<CheckReport> {
  const begun = clock.now();
  try {
    await act();
    return { provider, name, critical, status: "up", reason: null, message: null, hint: null, latency: clock.now() - begun };
  } catch (error) {
    return { ...failedReport(provider, name, error), critical, latency: clock.now() - begun };
  }
}
