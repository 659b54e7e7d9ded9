import { digestOf, fail, type Artifact, type ComponentRole, type DeployTarget, type Duration } from "@fairlead/core";
import type { TargetFixture } from "../../src/conformance/target/fixture.js";
import { createFakeProvider } from "../../src/fakes/fake-provider.js";
import { createFakeTarget, fakeErrors, type FakeTarget } from "../../src/fakes/fake-target.js";

/** What all instances of a target know, as they would through their provider. */
export interface Shared {
  readonly keys: Set<string>;
  readonly promoted: string[];
  /** Releases that serve besides the one that should. */
  alsoServing: string[];
  promoting: boolean;
}

/** What a target does otherwise than the good one. Called once for each instance. */
export type Deviation = (good: FakeTarget, shared: Shared) => Partial<DeployTarget>;

const broken: Artifact = { kind: "directory", digest: digestOf("broken"), files: 1 };

let made = 0;

/** A fake target, a good one unless it deviates, and its provider, where a candidate is made in the time that is given. */
export function createFixture(role: ComponentRole, deviation: Deviation = () => ({}), prepare: Duration = "10ms"): TargetFixture {
  made += 1;
  const component = { application: "shop", environment: "production", component: `part-${String(made)}`, role };
  const provider = createFakeProvider();
  const shared: Shared = { keys: new Set(), promoted: [], alsoServing: [], promoting: false };
  const again = (): DeployTarget => {
    const good = refusingBroken(createFakeTarget({ provider, takes: { prepare } }));
    return { ...good, ...deviation(good, shared) };
  };
  return {
    target: again(),
    again,
    component,
    artifact: (version) =>
      role === "worker"
        ? { kind: "image", digest: digestOf(version), reference: `part:${String(version)}` }
        : { kind: "directory", digest: digestOf(version), files: version, path: import.meta.dirname },
    brokenArtifact: () => broken,
    witness: {
      serving: async () => [...new Set([...provider.serving(component), ...shared.alsoServing])],
      candidates: async () => provider.candidates(component),
    },
    dispose: () => undefined,
  };
}

function refusingBroken(good: FakeTarget): FakeTarget {
  return {
    ...good,
    async prepare(input, call) {
      if (input.artifact.digest === broken.digest) throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.key });
      return good.prepare(input, call);
    },
  };
}

/** The same without what a target need not have. */
export function without({ brokenArtifact: _, ...fixture }: TargetFixture): TargetFixture {
  const bare = ({ discard: _discard, logs: _logs, resolve: _resolve, ...target }: DeployTarget): DeployTarget => target;
  return { ...fixture, target: bare(fixture.target), again: async (component) => bare(await fixture.again(component)) };
}
