import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { OperationContext, OperationHandler } from "../engine/operation.js";
import { candidateOf, componentOf } from "../engine/operations/read-input.js";
import { checksOf, questionAbout, type Question } from "./ask.js";
import type { GateOptions } from "./options.js";

/** Waits until a candidate is well: every critical check up several times in a row, within the given time. */
export function candidateGate(options: GateOptions): OperationHandler {
  return {
    async run(context) {
      const component = componentOf(context);
      const questions = await questionsOf(context, options);
      if (questions.length === 0) {
        context.call.log.warn(`no check asks ${component.component}: nothing is known about it`);
        return { samples: 0, checks: [] };
      }
      const within = typeof context.input["within"] === "number" ? context.input["within"] : context.step.timeout;
      return waitUntilWell(context, questions, { within: Math.max(1, within - options.every), options });
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}

async function questionsOf(context: OperationContext, options: GateOptions): Promise<readonly Question[]> {
  const component = componentOf(context);
  const target = context.plan.components.find(({ name }) => name === component.component)?.target;
  const provided = await checksOf(context.capabilities, "candidate");
  const checks = [...provided.filter(({ plugin }) => plugin === target).map(({ check }) => check), ...options.candidateChecks];
  const subject = { ...component, release: context.plan.release, candidate: candidateOf(context), live: false };
  return checks.map((check) => questionAbout(check, subject, context.clock));
}

async function waitUntilWell(
  { clock, call }: OperationContext,
  questions: readonly Question[],
  { within, options }: { readonly within: number; readonly options: GateOptions },
): Promise<{ readonly samples: number; readonly checks: readonly string[] }> {
  const until = clock.now() + within;
  const component = questions[0]?.provider ?? "";
  let inRow = 0;
  for (let samples = 1; ; samples += 1) {
    const runs = await Promise.all(questions.map(async (question) => ({ question, run: await question.ask(call) })));
    const bad = runs.find(({ question, run }) => run.status === "down" && question.critical);
    inRow = bad === undefined ? inRow + 1 : 0;
    if (inRow >= options.successes) return { samples, checks: questions.map(({ name }) => name) };
    if (clock.now() >= until) {
      const reason =
        bad === undefined ? "it was well too seldom in a row" : `${bad.question.name}: ${bad.run.message ?? bad.run.reason ?? "down"}`;
      throw fail(coreErrors, "VERIFICATION_FAILED", { component, reason, samples });
    }
    await clock.sleep(Math.min(options.every, 250), { signal: call.signal });
  }
}
