import {
  coreErrors,
  definePlugin,
  fail,
  image,
  memoryStore,
  type CheckStatus,
  type Deployer,
  type DeployTarget,
  type Store,
} from "../../src/index.js";
import * as z from "zod";
import { createScene, targetInMemory, type SceneOptions } from "../deployer/scene.js";
import { startCommand, type CommandRun } from "./run-command.js";
import { createTestClock, pass, type TestClock } from "./test-clock.js";

/** One end that a command may come to. */
export interface End {
  /** As the page names it. */
  readonly name: string;
  readonly exitCode: number;
  /** What a person reads. */
  readonly says: RegExp;
  /** The phase in the line `result`, or the code in the line `error`. */
  readonly told: string;
  /** The beginnings of the commands that are suggested. */
  readonly next: readonly string[];
  /** Begins the command that comes to it. */
  readonly play: (world: World) => Promise<CommandRun>;
}

interface Typed {
  readonly release?: string;
  readonly environment?: SceneOptions["environment"];
  readonly env?: Readonly<Record<string, string>>;
}

export interface World {
  readonly clock: TestClock;
  /** What the checks say of a candidate before and after its promote, and of the provider. */
  readonly health: Record<"candidate" | "live" | "provider", CheckStatus>;
  /** Steps of the provider that do not answer, or refuse. */
  readonly hanging: Set<"prepare" | "promote">;
  readonly refusing: Set<string>;
  deployer(typed?: Typed): Deployer;
  /** Types a command, in JSON lines where these are looked at. */
  type(words: string, typed?: Typed): CommandRun;
  /** The first release serves. */
  deployed(): Promise<void>;
  /** Lets things happen. */
  wait(milliseconds?: number): Promise<void>;
}

export function createWorld(json: boolean): World {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const plain = targetInMemory([]);
  const target: DeployTarget = {
    ...plain,
    async prepare(input, call) {
      if (world.hanging.has("prepare")) await new Promise(() => undefined);
      return plain.prepare(input, call);
    },
    async promote(input, call) {
      if (world.refusing.has(input.candidate.id))
        throw fail(coreErrors, "STEP_INDETERMINATE", { step: "web.promote", reason: "it does not say" });
      return plain.promote(input, call);
    },
  };
  const readiness = definePlugin({
    id: "readiness",
    provides: ["checks"],
    options: z.strictObject({}),
    setup: () => ({ checks: [{ scope: "provider", name: "token", run: () => ({ status: world.health.provider }) }] }),
  });
  const world: World = {
    clock,
    health: { candidate: "up", live: "up", provider: "up" },
    hanging: new Set(),
    refusing: new Set(),
    deployer: ({ release = "1", environment = {} } = {}) =>
      createScene({
        clock,
        store,
        target: () => target,
        candidate: ({ live }) => ({ status: live ? world.health.live : world.health.candidate }),
        plugins: [readiness({})],
        environment: { source: image(`shop@sha256:${release.repeat(64)}`), ...environment },
      }).deployer,
    type: (words, { env = { GITHUB_ACTOR: "ada" }, ...typed } = {}) =>
      startCommand(world.deployer(typed), "", { clock, env, argv: [...words.split(" "), ...(json ? ["--json"] : [])] }),
    async deployed() {
      await pass(clock, world.type("deploy").ended);
    },
    wait: (milliseconds = 1_000) => clock.advance(milliseconds),
  };
  return world;
}

const asks = { approvals: { required: 1, expiresAfter: "5m" } } as const;
const second = { release: "2" } as const;

/** One deployment waits for people, a person says this about it. */
async function answered(world: World, say: (deployer: Deployer, deploymentId: string) => Promise<unknown>): Promise<CommandRun> {
  const run = world.type("deploy", { environment: asks });
  await world.wait();
  const other = world.deployer({ environment: asks });
  const [waiting] = (await other.status("development")).queue;
  await say(other, waiting?.id ?? "");
  return run;
}

/** The first release is being deployed and its provider does not answer. */
async function busy(world: World): Promise<CommandRun> {
  world.hanging.add("prepare");
  const run = world.type("deploy");
  await world.wait();
  return run;
}

/** A release that was promoted, is not well, and cannot be taken back. */
async function stuck(world: World): Promise<CommandRun> {
  await world.deployed();
  world.health.live = "down";
  world.refusing.add("c1");
  return world.type("deploy", second);
}

/** Every end, as docs/command-line.md lists them. */
export const ends: readonly End[] = [
  {
    name: "succeeded",
    exitCode: 0,
    says: /development serves rel_\w+ \(/,
    told: "succeeded",
    next: ["status", "rollback"],
    play: async (world) => {
      await world.deployed();
      return world.type("deploy", second);
    },
  },
  {
    name: "succeeded, nothing to do",
    exitCode: 0,
    says: /Nothing to do: development serves this already\./,
    told: "succeeded",
    next: ["status"],
    play: async (world) => {
      await world.deployed();
      return world.type("deploy");
    },
  },
  {
    name: "the same, with `--detailed-exit-code`",
    exitCode: 7,
    says: /Nothing to do: development serves this already\./,
    told: "succeeded",
    next: ["status"],
    play: async (world) => {
      await world.deployed();
      return world.type("deploy --detailed-exit-code");
    },
  },
  {
    name: "rolled back",
    exitCode: 4,
    says: /web\.verify failed: everything that was begun has been taken back/,
    told: "rolled_back",
    next: ["logs", "status"],
    play: async (world) => {
      await world.deployed();
      world.health.candidate = "down";
      return world.type("deploy", second);
    },
  },
  {
    name: "failed before anything was done",
    exitCode: 5,
    says: /preflight failed before anything was done/,
    told: "failed",
    next: ["logs", "status"],
    play: (world) => {
      world.health.provider = "down";
      return Promise.resolve(world.type("deploy"));
    },
  },
  {
    name: "needs attention",
    exitCode: 10,
    says: /development needs attention: /,
    told: "needs_attention",
    next: ["logs", "retry", "abandon"],
    play: stuck,
  },
  {
    name: "aborted: taken back as asked",
    exitCode: 8,
    says: /Stopped as asked: everything that was begun has been taken back/,
    told: "rolled_back",
    next: ["logs", "status"],
    play: async (world) => {
      await world.deployed();
      world.hanging.add("prepare");
      const run = world.type("deploy", second);
      await world.wait();
      run.signals.emit("SIGINT");
      return run;
    },
  },
  {
    name: "aborted: called off before anything was done",
    exitCode: 8,
    says: /Cancelled before anything was done/,
    told: "cancelled",
    next: ["status", "history"],
    play: async (world) => {
      const run = world.type("deploy", { environment: asks });
      await world.wait();
      run.signals.emit("SIGINT");
      return run;
    },
  },
  {
    name: "detached: left to another process",
    exitCode: 8,
    says: /Left as it is\. Deployment dep_\w+ is finished by: node deploy\.ts recover development/,
    told: "",
    next: ["status", "recover"],
    play: async (world) => {
      const run = await busy(world);
      run.signals.emit("SIGINT");
      run.signals.emit("SIGINT");
      return run;
    },
  },
  {
    name: "rejected",
    exitCode: 5,
    says: /Rejected: somebody who had to agree refused\. Nothing was done\./,
    told: "rejected",
    next: ["status", "history"],
    play: (world) => answered(world, (other, deploymentId) => other.reject({ deploymentId })),
  },
  {
    name: "expired",
    exitCode: 9,
    says: /Expired: who had to agree did not in time\. Nothing was done\./,
    told: "expired",
    next: ["status", "history"],
    play: (world) => answered(world, () => world.wait(300_000)),
  },
  {
    name: "superseded",
    exitCode: 8,
    says: /Superseded before it began: a newer deployment has its place\./,
    told: "superseded",
    next: ["status", "history"],
    play: async (world) => {
      const environment = { queue: "supersede" } as const;
      await busy(world);
      const run = world.type("deploy", { ...second, environment });
      await world.wait();
      world.type("deploy", { release: "3", environment });
      return run;
    },
  },
  {
    name: "queued, with `--no-wait`",
    exitCode: 11,
    says: /Waiting for its turn in development\./,
    told: "queued",
    next: ["status", "abort"],
    play: async (world) => {
      await busy(world);
      return world.type("deploy --no-wait", { ...second, environment: { queue: "queue" } });
    },
  },
  {
    name: "awaiting approval, with `--no-wait`",
    exitCode: 12,
    says: /Waiting for approval before it begins in development\./,
    told: "awaiting_approval",
    next: ["approve", "reject", "status"],
    play: (world) => Promise.resolve(world.type("deploy --no-wait", { environment: asks })),
  },
  {
    name: "held, with `--no-wait`",
    exitCode: 5,
    says: /Held: nothing may begin in development now\./,
    told: "held",
    next: ["status", "abort"],
    play: async (world) => {
      await world.deployer().freeze({ environment: "development", reason: "the fair" });
      return world.type("deploy --no-wait");
    },
  },
  {
    name: "refused: the environment is busy",
    exitCode: 11,
    says: /development is being deployed by .+ \(deployment dep_\w+\)/,
    told: "ENVIRONMENT_BUSY",
    next: ["status", "abort"],
    play: async (world) => {
      await busy(world);
      return world.type("deploy", second);
    },
  },
  {
    name: "refused: the environment needs attention",
    exitCode: 10,
    says: /which waits for a decision/,
    told: "ENVIRONMENT_NEEDS_ATTENTION",
    next: ["retry", "abandon"],
    play: async (world) => {
      await pass(world.clock, (await stuck(world)).ended);
      return world.type("deploy", { release: "3" });
    },
  },
  {
    name: "refused: a rollback has pinned the environment",
    exitCode: 5,
    says: /ENVIRONMENT_PINNED/,
    told: "ENVIRONMENT_PINNED",
    next: ["status", "deploy"],
    play: async (world) => {
      await world.deployed();
      await pass(world.clock, world.type("deploy", second).ended);
      await pass(world.clock, world.type("rollback").ended);
      return world.type("deploy", { release: "3", env: { GITHUB_ACTOR: "ada", CI: "true" } });
    },
  },
  {
    name: "a rollback that has put a release back",
    exitCode: 0,
    says: /development serves rel_\w+ \(/,
    told: "succeeded",
    next: ["status"],
    play: async (world) => {
      await world.deployed();
      await pass(world.clock, world.type("deploy", second).ended);
      return world.type("rollback");
    },
  },
  {
    name: "a rollback with nothing to go back to",
    exitCode: 5,
    says: /ROLLBACK_NO_TARGET/,
    told: "ROLLBACK_NO_TARGET",
    next: [],
    play: async (world) => {
      await world.deployed();
      return world.type("rollback");
    },
  },
  {
    name: "no such environment",
    exitCode: 6,
    says: /There is no environment "nowhere"/,
    told: "ENVIRONMENT_UNKNOWN",
    next: [],
    play: (world) => Promise.resolve(world.type("deploy nowhere")),
  },
  {
    name: "a configuration that has problems",
    exitCode: 2,
    says: /CONFIGURATION_INVALID/,
    told: "CONFIGURATION_INVALID",
    next: ["doctor"],
    play: (world) => Promise.resolve(world.type("deploy", { environment: { bake: "soon" as never } })),
  },
  {
    name: "words that are not understood",
    exitCode: 64,
    says: /There is no flag --forse\. Did you mean --force\?/,
    told: "CLI_USAGE_INVALID",
    next: [],
    play: (world) => Promise.resolve(world.type("deploy --forse")),
  },
];
