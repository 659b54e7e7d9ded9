import { canary, type Deployment } from "../../src/index.js";
import { pass, type TestClock } from "../cli/test-clock.js";
import { person, sourceOf, type Rules, type Stage } from "./stage.js";

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly rules: Rules;
  /** Answers the deployments of which the end is kept. */
  readonly run: (stage: Stage, clock: TestClock) => Promise<readonly Deployment[]>;
}

const environment = "production";
const deploy = ({ deployer }: Stage, release: string): Promise<Deployment> =>
  deployer.deploy({ environment, source: sourceOf(release), actor: person("ada") });

async function ended(clock: TestClock, deployment: Deployment): Promise<Deployment> {
  await pass(clock, deployment.result());
  return deployment;
}

const canaryInTwo = canary({
  steps: [
    { weight: 10, for: "1m" },
    { weight: 50, for: "1m" },
  ],
});

/** What is recorded. Add to it; what was recorded stays. */
export const scenarios: readonly Scenario[] = [
  {
    name: "succeeded",
    about: "two releases, one after the other",
    rules: {},
    run: async (stage, clock) => [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))],
  },
  {
    name: "rolled-back",
    about: "a second release that is not well once it serves",
    rules: { ill: ["c2"] },
    run: async (stage, clock) => [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))],
  },
  {
    name: "rollback",
    about: "two releases, and back to the first by hand",
    rules: {},
    run: async (stage, clock) => {
      const both = [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))];
      return [...both, await ended(clock, await stage.deployer.rollback({ environment, actor: person("ada"), reason: "slow" }))];
    },
  },
  {
    name: "approved",
    about: "a release that two people have to agree to",
    rules: { approvals: { required: 2 } },
    run: async (stage, clock) => {
      const deployment = await deploy(stage, "1");
      for (const name of ["bea", "cleo"]) {
        await clock.advance(60_000);
        await stage.deployer.approve({ deploymentId: deployment.id, actor: person(name) });
      }
      return [await ended(clock, deployment)];
    },
  },
  {
    name: "held",
    about: "a release that a freeze holds",
    rules: {},
    run: async (stage, clock) => {
      await stage.deployer.freeze({ environment, actor: person("ada"), reason: "sale" });
      const deployment = await deploy(stage, "1");
      await clock.advance(60_000);
      await stage.deployer.unfreeze({ environment, actor: person("ada") });
      return [await ended(clock, deployment)];
    },
  },
  {
    name: "paused",
    about: "a release that is paused while it bakes, and goes on",
    rules: { bake: { for: "10m", every: "1m" } },
    run: async (stage, clock) => {
      const deployment = await deploy(stage, "1");
      await clock.advance(90_000);
      await stage.deployer.pause({ deploymentId: deployment.id, actor: person("ada") });
      await clock.advance(120_000);
      await stage.deployer.resume({ deploymentId: deployment.id, actor: person("ada") });
      return [await ended(clock, deployment)];
    },
  },
  {
    name: "queued",
    about: "a release that waits for the one before it",
    rules: { queue: "queue", bake: { for: "1m", every: "10s" } },
    run: async (stage, clock) => {
      const first = await deploy(stage, "1");
      await clock.advance(5_000);
      const second = await deploy(stage, "2");
      return [await ended(clock, first), await ended(clock, second)];
    },
  },
  {
    name: "aborted",
    about: "a second release that is aborted while it bakes",
    rules: { bake: { for: "10m", every: "1m" } },
    run: async (stage, clock) => {
      const first = await ended(clock, await deploy(stage, "1"));
      const second = await deploy(stage, "2");
      await clock.advance(90_000);
      await stage.deployer.abort({ deploymentId: second.id, actor: person("ada"), reason: "wrong one" });
      return [first, await ended(clock, second)];
    },
  },
  {
    name: "canary",
    about: "a second release that gets 10 %, then 50 %, then everything",
    rules: { strategy: canaryInTwo },
    run: async (stage, clock) => [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))],
  },
  {
    name: "canary-rolled-back",
    about: "a second release that is not well with its first share of the traffic",
    rules: { strategy: canaryInTwo, ill: ["c2"] },
    run: async (stage, clock) => [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))],
  },
  {
    name: "needs-attention",
    about: "a way back that does not work until somebody has mended it, and is tried again",
    rules: { ill: ["c2"], stuck: ["c1"] },
    run: async (stage, clock) => {
      const both = [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))];
      await clock.advance(60_000);
      stage.mend("c1");
      const [, second] = both;
      await stage.deployer.retry({ deploymentId: second?.id ?? "", actor: person("bea"), reason: "the host is back" });
      await clock.advance(60_000);
      return both;
    },
  },
  {
    name: "abandoned",
    about: "a way back that does not work, put right by hand and given up",
    rules: { ill: ["c2"], stuck: ["c1"] },
    run: async (stage, clock) => {
      const both = [await ended(clock, await deploy(stage, "1")), await ended(clock, await deploy(stage, "2"))];
      await clock.advance(60_000);
      stage.promoteByHand("c1");
      const [, second] = both;
      await stage.deployer.abandon({ deploymentId: second?.id ?? "", actor: person("bea"), reason: "put right by hand" });
      return both;
    },
  },
];
