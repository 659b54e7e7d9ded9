import type { DeployedRelease } from "../contract/deployment-events.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { EnvironmentState } from "../engine/environment-journal.js";
import type { CallOptions } from "../contract/call.js";
import { askProvider } from "../engine/ask-provider.js";
import { checksOf, questionAbout } from "../gates/index.js";
import { readWindow, type WindowRelease } from "./rollback-window.js";
import type { Runtime } from "./runtime.js";

/**
 * The retained release to go back to: the one that is named, or the newest whose probe passes now. Throws `RELEASE_UNKNOWN`, `ROLLBACK_OUTSIDE_WINDOW` or `ROLLBACK_NO_TARGET`.
 */
export async function findRollbackTarget(
  runtime: Runtime,
  state: EnvironmentState,
  to: string | undefined,
  call: CallOptions,
): Promise<DeployedRelease> {
  const { spec, engine } = runtime;
  const environment = spec.name;
  const retained = await retainedBy(runtime, state, call);
  const earlier = (await readWindow(engine, spec, state)).filter(({ deployed }) => retained(deployed));
  const choices = earlier.filter(({ outside }) => outside === null).map(({ deployed }) => deployed);
  const outsideWindow = ({ deployed, outside }: WindowRelease): Error =>
    fail(coreErrors, "ROLLBACK_OUTSIDE_WINDOW", {
      environment,
      release: deployed.release.id,
      reason: outside ?? "",
      choices: choices.map(({ release }) => release.id),
    });
  if (to !== undefined) {
    const named = earlier.find(({ deployed }) => deployed.release.id === to);
    const known = earlier.map(({ deployed }) => deployed.release.id);
    if (named === undefined) throw fail(coreErrors, "RELEASE_UNKNOWN", { release: to, known });
    if (named.outside !== null) throw outsideWindow(named);
    return named.deployed;
  }
  const [newest] = earlier;
  if (choices.length === 0 && newest !== undefined) throw outsideWindow(newest);
  const tried: string[] = [];
  for (const candidate of choices) {
    const problem = await probe(runtime, candidate, call);
    if (problem === undefined) return candidate;
    tried.push(`${candidate.release.id}: ${problem}`);
  }
  throw fail(coreErrors, "ROLLBACK_NO_TARGET", { environment, tried });
}

/** Whether every target still has a release. */
export async function retainedBy(
  { spec, capabilities, engine }: Runtime,
  state: EnvironmentState,
  call: CallOptions,
): Promise<(release: DeployedRelease) => boolean> {
  const retained = await Promise.all(
    spec.components.map(async ({ name, role, target }) => {
      const deployTarget = await capabilities.get(target, "target");
      const reference = { application: engine.application, environment: spec.name, component: name, role };
      const found = await askProvider(engine.clock, call, `what ${name} has retained`, (options) =>
        deployTarget.retained(reference, options),
      );
      return [name, new Set(found.map(({ candidate }) => candidate.id))] as const;
    }),
  );
  return ({ candidates }) =>
    retained.every(
      ([name, ids]) =>
        candidates[name] === undefined || ids.has(candidates[name].id) || candidates[name].id === state.serving?.candidates[name]?.id,
    );
}

/** Why a release is no place to go back to, if it is not. */
async function probe({ spec, capabilities, engine }: Runtime, deployed: DeployedRelease, call: CallOptions): Promise<string | undefined> {
  const provided = await checksOf(capabilities, "candidate");
  const questions = spec.components.flatMap(({ name, role, target }) => {
    const candidate = deployed.candidates[name];
    if (candidate === undefined) return [];
    const subject = {
      application: engine.application,
      environment: spec.name,
      component: name,
      role,
      release: deployed.release,
      candidate,
      live: false,
    };
    const checks = [...provided.filter(({ plugin }) => plugin === target).map(({ check }) => check), ...spec.verify.checks];
    return checks.filter(({ critical }) => critical ?? true).map((check) => questionAbout(check, subject, engine.clock));
  });
  const answers = await Promise.all(questions.map(async (question) => ({ question, run: await question.ask(call) })));
  const bad = answers.find(({ run }) => run.status === "down");
  return bad === undefined ? undefined : `${bad.question.name}: ${bad.run.message ?? bad.run.reason ?? "down"}`;
}
