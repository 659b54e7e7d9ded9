import { image, memoryStore, type Actor, type Deployment, type DeploymentResult, type Store } from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, type Scene, type SceneOptions } from "./scene.js";

export const person = (name: string): Actor => ({ name, via: "cli" });

/** A scene on a virtual clock. */
export interface Stage extends Scene {
  readonly clock: TestClock;
  /** Deploys a release whose content is this one letter. */
  deploy(release: string, actor?: Actor): Promise<Deployment>;
  /** Lets time pass until it has ended or needs attention. */
  end(deployment: Deployment): Promise<DeploymentResult>;
  /** Lets this much time pass, in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

export function createStage(environment: SceneOptions["environment"] = {}, options: SceneOptions = {}): Stage {
  const clock = (options.clock as TestClock | undefined) ?? createTestClock();
  const store: Store = options.store ?? { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const scene = createScene({ ...options, clock, store, environment: { verify: { within: "5s" }, ...environment } });
  return {
    ...scene,
    clock,
    deploy: (release, actor = person("ada")) =>
      scene.deployer.deploy({
        environment: "development",
        source: image(`shop@sha256:${release.repeat(64)}`),
        actor,
        reason: `release ${release}`,
      }),
    end: (deployment) => pass(clock, deployment.result()),
    wait: (milliseconds) => clock.advance(milliseconds),
  };
}

/** Ids as they come up in a text: `dep_1`, `dep_2`, `rel_1`. The same id is the same number. */
export function numbered(text: string, known = new Map<string, string>()): string {
  return text.replaceAll(/\b(dep|rel)_[a-z0-9]{26}\b/g, (id, kind: string) => {
    const seen = known.get(id) ?? `${kind}_${String([...known.keys()].filter((other) => other.startsWith(kind)).length + 1)}`;
    known.set(id, seen);
    return seen;
  });
}
