import type { DeployedRelease } from "../contract/deployment-events.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { readReleases, type EnvironmentState } from "../engine/environment-journal.js";
import type { CallOptions } from "../contract/call.js";
import { askProvider } from "../engine/ask-provider.js";
import { checksOf, questionAbout } from "../gates/index.js";
import type { Runtime } from "./runtime.js";

/** The retained release to go back to: the one that is named, or the newest whose probe passes now. Throws `RELEASE_UNKNOWN` or `ROLLBACK_NO_TARGET`. */
export async function findRollbackTarget(
  runtime: Runtime,
  state: EnvironmentState,
  to: string | undefined,
  call: CallOptions,
): Promise<DeployedRelease> {
  const earlier = await retainedReleases(runtime, state, call);
  if (to !== undefined) {
    const named = earlier.find(({ release }) => release.id === to);
    if (named === undefined) throw fail(coreErrors, "RELEASE_UNKNOWN", { release: to, known: earlier.map(({ release }) => release.id) });
    return named;
  }
  const tried: string[] = [];
  for (const candidate of earlier) {
    const problem = await probe(runtime, candidate, call);
    if (problem === undefined) return candidate;
    tried.push(`${candidate.release.id}: ${problem}`);
  }
  throw fail(coreErrors, "ROLLBACK_NO_TARGET", { environment: runtime.spec.name, tried });
}

/** Releases that served before and that every target still has. */
async function retainedReleases(
  { spec, capabilities, engine }: Runtime,
  state: EnvironmentState,
  call: CallOptions,
): Promise<readonly DeployedRelease[]> {
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
  const isRetained = ({ candidates }: DeployedRelease): boolean =>
    retained.every(
      ([name, ids]) =>
        candidates[name] === undefined || ids.has(candidates[name].id) || candidates[name].id === state.serving?.candidates[name]?.id,
    );
  const releases = await readReleases(engine.store, engine.application, spec.name, state);
  return releases.slice(1).filter(isRetained);
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
