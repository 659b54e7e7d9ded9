import {
  digestOf,
  type Candidate,
  type ComponentReference,
  type DeploymentCall,
  type TrafficAbilities,
  type TrafficRouter,
} from "@fairlead/core";
import { callOf, type TrafficFixture, type TrafficScene } from "../../src/conformance/traffic/fixture.js";
import { createFakeProvider, type FakeProvider } from "../../src/fakes/fake-provider.js";
import { createFakeTarget } from "../../src/fakes/fake-target.js";
import { createFakeTraffic, type FakeTraffic } from "../../src/fakes/fake-traffic.js";

/** What all instances of a router know, as they would through their provider. */
export interface Shared {
  readonly provider: FakeProvider;
  /** Which requests are answered by whom; the good one asks the provider. */
  ask: (component: ComponentReference, session: string | undefined) => Promise<string | undefined>;
  /** Cuts off the request that was begun. */
  cut: () => void;
}

/** What a router does otherwise than the good one. Called once for each instance. */
export type Deviation = (good: FakeTraffic, shared: Shared) => Partial<TrafficRouter>;

let made = 0;

/** A secret of the pretended provider. */
export const credential = "fakeRouterToken-4d1c9a77";

/** A fake router, a good one unless it deviates, its provider and its users. */
export function createFixture(abilities: Partial<TrafficAbilities> = {}, deviation: Deviation = () => ({})): TrafficFixture {
  made += 1;
  const component = { application: "shop", environment: "production", component: `part-${String(made)}`, role: "web" } as const;
  const provider = createFakeProvider();
  const shared: Shared = {
    provider,
    cut: () => undefined,
    ask: async (where, session) => provider.ask(where, session === undefined ? {} : { session }),
  };
  const target = createFakeTarget({ provider, takes: { prepare: "0ms" } });
  const again = (): TrafficRouter => {
    const good = createFakeTraffic({ provider, abilities });
    return { ...good, ...deviation(good, shared) };
  };
  const sceneOf = (where: ComponentReference): TrafficScene => ({
    router: again(),
    component: where,
    prepare: () => prepare(where),
    promote: (candidate) => target.promote({ ...where, candidate }, callOf({ component: where })),
    ask: (session) => shared.ask(where, session),
    askInVain: () => provider.ask(where, { failed: true }),
  });
  const prepare = (where: ComponentReference): Promise<Candidate> => {
    made += 1;
    const artifact = { kind: "directory", digest: digestOf(made), files: 1 } as const;
    const release = {
      id: `rel_${String(made)}`,
      application: where.application,
      createdAt: "2026-01-01T00:00:00.000Z",
      provenance: {},
      artifacts: {},
      migrations: [],
      contentDigest: artifact.digest,
    };
    const call: DeploymentCall = callOf({ component: where });
    return target.prepare({ ...where, release, artifact, key: call.idempotencyKey, variables: {} }, call);
  };
  const troubled = (kind: "reject" | "hang"): void => {
    for (const method of ["open", "setWeights", "getWeights", "counts", "drain", "close"] as const)
      provider.fault({ method, kind, every: true });
  };
  return {
    ...sceneOf(component),
    again,
    elsewhere: () => sceneOf({ ...component, environment: "staging" }),
    begin: () => {
      const request = provider.request(component);
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      shared.cut = () => {
        request?.end();
        resolve(undefined);
      };
      return {
        answer: promise,
        end() {
          request?.end();
          resolve(request?.candidate);
        },
      };
    },
    outage: () => {
      troubled("reject");
    },
    silence: () => {
      troubled("hang");
    },
    credentials: [credential],
    dispose: () => undefined,
  };
}

/** The same without what need not be possible. */
export function without({
  elsewhere: _elsewhere,
  begin: _begin,
  outage: _outage,
  silence: _silence,
  credentials: _,
  askInVain: _askInVain,
  ...fixture
}: TrafficFixture): TrafficFixture {
  return fixture;
}
