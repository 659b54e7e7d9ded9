import {
  blueGreen,
  canary,
  createDeployer,
  image,
  rolling,
  secret,
  type CandidateCheck,
  type Clock,
  type Deployer,
  type Duration,
  type Store,
} from "@fairlead/core";
import { edge } from "./edge/edge.ts";

/** The environments, each with its strategy. */
export const strategies = ["direct", "blue-green", "canary", "rolling"] as const;
export type StrategyName = (typeof strategies)[number];

/** How long things take. */
export interface Pace {
  /** How long a release is watched at a share, or in a batch, before it goes on. */
  readonly watch: Duration;
  /** How long it is watched once it serves. */
  readonly bake: Duration;
  readonly every: Duration;
  /** How long a change of the edge may still land after its call was cut off. */
  readonly settle: Duration;
}

const usualPace: Pace = { watch: "3s", bake: "3s", every: "250ms", settle: "2s" };

export interface ShopOptions {
  readonly application?: string;
  readonly store: Store;
  /** What is deployed, e.g. `shop:2`. */
  readonly release: string;
  /** Where the edge is administered. Its token is the secret `EDGE_TOKEN`. */
  readonly edgeUrl: string;
  /** Where each release runs. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly pace?: Pace;
  /** Besides whether a release answers. */
  readonly checks?: readonly CandidateCheck[];
  readonly clock?: Clock;
}

/** One shop in four environments: all the same but for the way in which traffic moves to a new release. */
export function createShop(options: ShopOptions): Deployer<StrategyName> {
  const { application = "shop", store, release, edgeUrl: url, addresses, pace = usualPace, checks = [], clock } = options;
  const { watch, bake, every, settle } = pace;
  const access = { url, token: secret("EDGE_TOKEN"), addresses };
  const common = {
    kind: "production",
    verify: { within: "10s", successes: 1, checks },
    bake: { for: bake, every, failures: 2 },
    timeouts: { settle },
  } as const;
  const web = { source: image(release) };
  return createDeployer({
    application,
    store,
    ...(clock === undefined ? {} : { clock }),
    plugins: [edge(access), edge({ ...access, name: "europe" }), edge({ ...access, name: "america" }), edge({ ...access, name: "asia" })],
    environments: {
      // All traffic at once, as soon as the candidate is well.
      direct: { ...common, components: { web: { ...web, target: "edge" } } },

      // All traffic at once, and at once back: the release before stays ready until the standby is over.
      "blue-green": { ...common, components: { web: { ...web, target: "edge", strategy: blueGreen({ standby: watch }) } } },

      // Growing shares; at each the candidate is watched.
      canary: {
        ...common,
        components: {
          web: {
            ...web,
            target: "edge",
            strategy: canary({
              steps: [
                { weight: 10, for: watch },
                { weight: 50, for: watch },
              ],
            }),
          },
        },
      },

      // Place after place.
      rolling: {
        ...common,
        components: { web: { ...web, target: ["europe", "america", "asia"], strategy: rolling({ batch: 1, watch }) } },
      },
    },
  });
}
