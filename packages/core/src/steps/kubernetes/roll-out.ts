import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { KubernetesObject } from "./kubernetes-object.js";
import type { KubernetesProgram, KubernetesWork } from "./kubernetes-program.js";
import { rolloutStateOf } from "./rollout-state.js";

/** Between two looks, in milliseconds. */
const every = 1_000;

/** Waits until the objects of these files are rolled out. Throws `KUBERNETES_ROLLOUT_FAILED`, also for one that takes too long. */
export async function rollOut(
  kubectl: KubernetesProgram,
  files: readonly string[],
  { settings, context, call }: KubernetesWork,
): Promise<void> {
  const { clock } = context;
  const until = clock.now() + settings.rollout;
  let said = "";
  for (;;) {
    const { failed, waiting } = rolloutsOf(await kubectl.live(files));
    if (failed.length > 0) throw fail(coreErrors, "KUBERNETES_ROLLOUT_FAILED", { problems: failed });
    if (waiting.length === 0) return;
    if (clock.now() >= until) {
      const problems = waiting.map((one) => `${one} after ${formatMilliseconds(settings.rollout)}`);
      throw fail(coreErrors, "KUBERNETES_ROLLOUT_FAILED", { problems });
    }
    if (waiting.join() !== said) for (const line of waiting) call.log.info(line);
    said = waiting.join();
    await clock.sleep(every, { signal: call.signal });
  }
}

/** What of them is not rolled out, in words. */
export function rolloutsOf(objects: readonly KubernetesObject[]): {
  readonly failed: readonly string[];
  readonly waiting: readonly string[];
} {
  const states = objects.map((object) => ({ address: object.address, state: rolloutStateOf(object) }));
  const wordsOf = (status: "failed" | "waiting"): readonly string[] =>
    states.flatMap(({ address, state }) => (state.status === status ? [`${address}: ${state.reason}`] : []));
  return { failed: wordsOf("failed"), waiting: wordsOf("waiting") };
}
