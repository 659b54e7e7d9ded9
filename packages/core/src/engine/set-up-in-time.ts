import type { AnyPlugin, PluginContext } from "../contract/plugin.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import { withDeadline } from "../time/deadline.js";

type Instance = Awaited<ReturnType<AnyPlugin["setup"]>>;

/** Most the setup of a plugin may take, in milliseconds. */
const patience = 30_000;

/** Waits for the setup of a plugin, and not for ever; what comes too late is let go of. Throws `PLUGIN_SETUP_TIMEOUT`, or what went wrong with the plugin's name. */
export async function setUpInTime(
  { environment, clock }: Omit<PluginContext, "name">,
  signal: AbortSignal,
  { name: plugin }: AnyPlugin,
  setUp: () => Promise<Instance>,
): Promise<Instance> {
  const work = setUp();
  const reason = () => fail(coreErrors, "PLUGIN_SETUP_TIMEOUT", { plugin, environment, after: "30 s" });
  try {
    return await withDeadline(clock, { milliseconds: patience, signal, reason }, () => work);
  } catch (error) {
    work.then((late) => late.dispose?.()).catch(() => undefined);
    if (isFairleadError(error)) throw error;
    throw fail(coreErrors, "PLUGIN_SETUP_FAILED", { plugin, environment, problem: serializeError(error).message }, { cause: error });
  }
}
