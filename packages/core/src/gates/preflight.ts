import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { askProvider } from "../engine/ask-provider.js";
import type { OperationContext, OperationHandler } from "../engine/operation.js";
import { toMilliseconds } from "../time/duration.js";
import { checksOf, questionOf } from "./ask.js";

/** How long a provider may take to answer at least, in milliseconds: a check's own timeout is meant for who asks again in a moment, and here it is asked once. */
const patience = toMilliseconds("10s");

/** Asks every provider whether it is ready, and whether still the same serves as when the plan was made. Nothing has been done yet, so a failure costs nothing. */
export const preflightGate: OperationHandler = {
  async run(context) {
    const { capabilities, clock, call } = context;
    const checks = await checksOf(capabilities, "provider");
    const questions = checks.map(({ plugin, check }) => questionOf(check, plugin, clock, patience));
    const answers = await Promise.all(questions.map(async (question) => ({ question, run: await question.ask(call) })));
    const problems = answers.flatMap(({ question, run }) =>
      run.status === "down" && question.critical
        ? [{ place: `${question.provider} ${question.name}`, problem: run.message ?? run.reason ?? "is down.", remedy: run.hint ?? "" }]
        : [],
    );
    for (const { question, run } of answers) {
      if (run.status !== "up") call.log.warn(`${question.provider} ${question.name}: ${run.message ?? run.reason ?? run.status}`);
    }
    if (problems.length > 0) throw fail(coreErrors, "PREFLIGHT_FAILED", { problems });
    await requireSame(context);
    return { asked: questions.length };
  },
  observe: () => Promise.resolve({ status: "absent" }),
};

async function requireSame({ plan, capabilities, clock, call }: OperationContext): Promise<void> {
  for (const { name, role, target, previous } of plan.components) {
    const deployTarget = await capabilities.get(target, "target");
    const reference = { application: plan.application, environment: plan.environment, component: name, role };
    const serving = await askProvider(clock, call, `what serves as ${name}`, (options) => deployTarget.current(reference, options));
    if (serving?.candidate.id === previous?.id) continue;
    throw fail(coreErrors, "ENVIRONMENT_CHANGED", {
      environment: plan.environment,
      component: name,
      expected: previous?.id ?? "nothing",
      found: serving?.candidate.id ?? "nothing",
    });
  }
}
