import { isFairleadError } from "../../src/errors/index.js";
import { memoryStore, type Deployer } from "../../src/index.js";
import { hasEnded, stepsOf, type AttemptState, type DeploymentState } from "../../src/machine/index.js";
import { createOutside, settleTime } from "./outside.js";
import { createProcess, type Process } from "./process.js";
import type { Deed, Line, Script } from "./script.js";
import { candidateOf, createShop, createShopDeployer, sourceOf, type Shop } from "./shop.js";
import { createVirtualTime } from "./virtual-time.js";
import { createWitness, undoable } from "./witness.js";

/** A process with its deployer. */
interface Worker {
  readonly process: Process;
  readonly deployer: Deployer<"staging">;
}

/** What came of a script. */
export interface Played {
  /** What should not have been; nothing where all is well. */
  readonly violations: readonly string[];
  /** What happened, in order, for people. */
  readonly story: readonly string[];
  readonly phases: readonly string[];
}

/** Most that a deployment may take once nothing goes wrong any more, in milliseconds. */
const patience = 150_000;

/** Processes that are proven dead where others can see it, by name. */
export const graveyard = new Set<string>();

/** Plays a script to its end: then everything is mended, somebody works, and people answer what they are asked. */
export async function play({ setting, acts, asks, lines }: Script): Promise<Played> {
  graveyard.clear();
  const time = createVirtualTime();
  const store = memoryStore({ clock: time });
  const shop = createShop();
  const witness = createWitness({
    store,
    time,
    channel: "board",
    onEnd: (state) => {
      shop.violations.push(...wronglyServing(state, shop));
    },
  });
  const outside = createOutside({ time, witness, acts, asks });
  const workers = new Map<number, Worker>();
  const keys = new Map<string, string>();
  /** What has been asked of deployers and not been answered. */
  const questions = new Set<{ readonly process: string; readonly what: string }>();
  let born = 0;
  let said = 0;

  const beBorn = (slot: number): Worker => {
    born += 1;
    const process = createProcess({ name: `p${String(slot)}.${String(born)}`, time, store, commit: witness.commit });
    const planOf = (deployment: string) => {
      const state = witness.stateOf(deployment);
      return state === undefined ? [] : stepsOf(state.plan);
    };
    const deployer = createShopDeployer({ setting, shop, outside, process, planOf });
    const worker = { process, deployer };
    workers.set(slot, worker);
    return worker;
  };

  const die = (process: Process, isProven: boolean): void => {
    process.kill();
    outside.died(process);
    if (isProven) graveyard.add(process.name);
  };

  /** What is asked of a deployer is done or refused in words; nothing else may come of it. */
  const ask = ({ name }: Process, what: string, answer: Promise<unknown>): void => {
    const question = { process: name, what };
    questions.add(question);
    answer
      .catch((error: unknown) => {
        if (!isFairleadError(error) || error.code === "UNEXPECTED_ERROR") witness.violations.push(`${what} threw ${String(error)}`);
        else witness.tell(`${name}: ${what} was refused: ${error.code}`);
      })
      .finally(() => questions.delete(question));
  };

  const newestFirst = (): readonly DeploymentState[] => [...witness.states()].reverse();

  const act = ({ process, deployer }: Worker, deed: Deed): void => {
    const actor = { name: "ada", via: "code" } as const;
    switch (deed.do) {
      case "deploy": {
        const key = deed.key === null ? undefined : `key-${String(deed.key)}`;
        const input = { environment: "staging", accept: "irreversible", actor, ...(key === undefined ? {} : { key }) } as const;
        const sources = Object.fromEntries(
          ["web", "worker", "admin"].slice(0, setting.components.count).map((name) => [name, sourceOf(deed.release + 1)]),
        );
        ask(
          process,
          "deploy",
          deployer.deploy({ ...input, source: sources }).then(({ id }) => {
            if (key === undefined) return;
            const known = keys.get(key);
            if (known !== undefined && known !== id) witness.violations.push(`${key} stands for ${known} and ${id}`);
            keys.set(key, id);
          }),
        );
        return;
      }
      case "command": {
        const about = newestFirst()[deed.to];
        if (about === undefined) return;
        said += 1;
        const reason = `wish ${String(said)}`;
        const actor = { name: `person ${String(deed.person)}`, via: "code" } as const;
        const done = deployer[deed.command]({ deploymentId: about.id, actor, reason });
        // Known to be recorded, with who wants it.
        const requireRow = async (): Promise<void> => {
          await done;
          const rows = await store.read(`deployment/shop/${about.id}`);
          if (!rows.some(({ data }) => data["reason"] === reason && (data["actor"] as typeof actor | undefined)?.name === actor.name))
            witness.violations.push(`${deed.command} of ${about.id} is not in its journal`);
        };
        ask(process, deed.command, requireRow());
        return;
      }
      case "plan":
        ask(process, "plan", deployer.plan({ environment: "staging" }));
        return;
      case "rollback":
        ask(process, "rollback", deployer.rollback({ environment: "staging", actor }));
        return;
      case "freeze":
        ask(process, "freeze", deployer.freeze({ environment: "staging", reason: "the fair", actor }));
        return;
      case "unfreeze":
        ask(process, "unfreeze", deployer.unfreeze({ environment: "staging", actor }));
        return;
      case "work":
        ask(process, "work", deployer.work());
        return;
      case "recover":
        ask(process, "recover", deployer.recover());
        return;
      case "kill":
        die(process, deed.proven);
        return;
      case "suspend":
        process.freeze(deed.milliseconds);
        return;
      case "cut":
        process.cut(deed.milliseconds);
        return;
      case "set-clock":
        process.setClock(deed.milliseconds);
        return;
      case "fail-commit":
        process.failCommit(deed.fault);
        return;
    }
  };

  for (const line of lines) {
    await time.pass(line.after);
    const there = workers.get(line.process);
    const worker = there === undefined || there.process.isDead ? beBorn(line.process) : there;
    witness.tell(`${worker.process.name} ${wordsOf(line)}`);
    act(worker, line);
    if (witness.violations.length > 0) break;
  }

  const open = (): readonly DeploymentState[] => witness.states().filter(({ phase }) => !hasEnded(phase));
  const isAtRest = (): boolean => open().every((state) => waitsForSomebody(state, open()));

  await time.pass(0);
  outside.calm();
  const last = beBorn(3);
  witness.tell("from here on nothing goes wrong any more");
  ask(last.process, "work", last.deployer.work());
  /** Whether it still owes an answer. */
  const isAsked = ({ name }: Process): boolean => [...questions].some(({ process, what }) => process === name && what !== "work");
  const isBack = (): boolean =>
    [...workers.values()].every(({ process }) => process.isDead || (process.backAt <= time.now() && !isAsked(process)));
  for (let round = 0; (open().length > 0 || !isBack()) && witness.violations.length === 0; round += 1) {
    // Suspended processes come back, leases end, effects land.
    for (let waited = 0; waited < patience && !(isBack() && isAtRest()); waited += 1_000) await time.pass(1_000);
    if (!isAtRest() || round > 8) {
      for (const { id, phase } of open()) witness.violations.push(`${id} is ${phase}, and nothing leads on from there`);
      break;
    }
    for (const state of open()) answer(last, state, { round, ask });
    await time.pass(1_000);
  }
  await time.pass(2 * settleTime);
  await witness.compare();
  const story = [...witness.story];
  const violations = [...witness.violations, ...shop.violations, ...witness.states().flatMap((state) => leftBehind(state, shop))];
  for (const { process } of workers.values()) process.kill();
  return { violations, story, phases: witness.states().map(({ phase }) => phase) };
}

/** Whether a person has to do something before anything goes on, and it says what. */
function waitsForSomebody(state: DeploymentState, open: readonly DeploymentState[]): boolean {
  switch (state.phase) {
    case "needs_attention":
      return (state.attention?.options.length ?? 0) > 0;
    case "awaiting_approval":
      return true;
    case "held":
      return (state.hold?.reason ?? "") !== "";
    case "running":
      return state.parked !== null && (state.pause !== null || Object.values(state.steps).some(({ forward }) => isUnanswered(forward)));
    case "queued":
      // Behind one that has the claim and waits itself.
      return open.some((other) => other.claimed && waitsForSomebody(other, []));
    default:
      return false;
  }
}

/** Whether people are asked, and have not answered yet. */
function isUnanswered(attempt: AttemptState): boolean {
  return attempt.status === "deferred" && attempt.waitingFor === "approval" && attempt.until !== 0;
}

/** People answer what they are asked: they try again once, and then give it up. */
function answer(
  { deployer, process }: Worker,
  state: DeploymentState,
  { round, ask }: { readonly round: number; readonly ask: (process: Process, what: string, answer: Promise<unknown>) => void },
): void {
  const input = { deploymentId: state.id, reason: "so be it" };
  const by = (name: string) => ({ ...input, actor: { name, via: "code" } as const });
  if (state.phase === "needs_attention") ask(process, "answer", round < 2 ? deployer.retry(by("ada")) : deployer.abandon(by("ada")));
  else if (state.phase === "held") ask(process, "answer", deployer.release(by("ada")));
  else if (state.pause !== null) ask(process, "answer", deployer.resume(by("ada")));
  else if (state.phase !== "queued") for (const person of ["bea", "cleo"]) ask(process, "answer", deployer.approve(by(person)));
}

/** What serves just after the end: what was deployed, or what served before. */
function wronglyServing({ id, phase, kind, plan }: DeploymentState, { serving }: Shop): readonly string[] {
  const wanted = (name: string, previous: string | undefined): string | undefined =>
    phase === "rolled_back"
      ? previous
      : phase === "succeeded" && kind === "deploy" && plan.groups.length > 0
        ? candidateOf(id, name)
        : undefined;
  return plan.components.flatMap(({ name, previous }) => {
    const candidate = wanted(name, previous?.id);
    return candidate === undefined || serving.get(name) === candidate
      ? []
      : [`${id} ${phase}, and ${String(serving.get(name))} serves as ${name}`];
  });
}

/** What is outside and should not be, or should be and is not. */
function leftBehind(state: DeploymentState, shop: Shop): readonly string[] {
  const { id, phase, plan } = state;
  const steps = stepsOf(plan).filter(({ effect }) => effect);
  const isThere = (step: string): boolean => shop.done.has(`${id}/${step}`) || shop.made.has(`${id}/${step}`);
  if (phase === "rolled_back") {
    const left = undoable(state).filter(isThere);
    return left.map((step) => `${id} was taken back, and ${step} is still there`);
  }
  if (phase === "succeeded") {
    const own = steps.filter(({ operation }) => operation.startsWith("own/"));
    return own.filter((step) => !isThere(step.id)).map((step) => `${id} succeeded without ${step.id}`);
  }
  if (phase === "abandoned") return [];
  return steps.filter((step) => isThere(step.id)).map((step) => `${id} is ${phase}, and ${step.id} is there`);
}

function wordsOf({ after: _after, process: _process, ...deed }: Line): string {
  return JSON.stringify(deed);
}
