import type { Candidate, ComponentReference, DeployTarget, PrepareInput } from "@fairlead/core";
import { createDockerTarget } from "../../src/docker-target.js";
import type { DockerEngine } from "../../src/engine/docker-engine.js";
import type { DockerWorkerOptions } from "../../src/options.js";
import { createCall } from "./calls.js";
import { createFakeEngine, type Behaviour, type FakeEngine } from "./fake-engine.js";
import { createComponent, toPrepareInput } from "./inputs.js";
import { toSettings } from "./to-settings.js";
import { createVirtualClock } from "./virtual-clock.js";

export interface FakeSubject {
  readonly engine: FakeEngine;
  readonly component: ComponentReference;
  readonly target: Required<DeployTarget>;
  /** The same target for a process that sees the engine in another way. */
  through(engine: DockerEngine): Required<DeployTarget>;
  /** Prepares a release whose containers behave like this. */
  prepare(behaviour?: Behaviour): Promise<{ readonly candidate: Candidate; readonly input: PrepareInput }>;
  /** Prepares and promotes one, and forgets the effects of that. */
  serve(behaviour?: Behaviour): Promise<{ readonly candidate: Candidate; readonly input: PrepareInput }>;
  /** Releases of the containers that run. */
  running(): readonly (string | undefined)[];
}

/** The target on an engine in memory, with virtual time. */
export async function createFakeSubject(
  worker: DockerWorkerOptions = {},
  secrets: Parameters<typeof toSettings>[1] = {},
): Promise<FakeSubject> {
  const clock = createVirtualClock();
  const engine = createFakeEngine(clock);
  const component = createComponent();
  const settings = await toSettings({ components: { worker: { pull: "never", ...worker } } }, secrets);
  const through = (seen: DockerEngine) => createDockerTarget({ engine: seen, clock, settings }) as Required<DeployTarget>;
  const target = through(engine);
  const prepare: FakeSubject["prepare"] = async (behaviour = {}) => {
    const reference = `worker:${String(engine.images.size + 1)}`;
    engine.images.set(reference, { id: `sha256:${reference}`, behaviour });
    const input = toPrepareInput(component, reference);
    return { input, candidate: await target.prepare(input, createCall()) };
  };
  return {
    engine,
    component,
    target,
    through,
    prepare,
    async serve(behaviour) {
      const prepared = await prepare(behaviour);
      await target.promote({ ...component, candidate: prepared.candidate }, createCall());
      engine.effects.length = 0;
      return prepared;
    },
    running: () =>
      [...engine.containers.values()]
        .filter(({ status }) => status === "running")
        .map(({ specification }) => specification.labels["fairlead.release"]),
  };
}
