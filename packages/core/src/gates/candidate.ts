import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { OperationContext, OperationHandler } from "../engine/operation.js";
import { candidateOf, componentOf } from "../engine/operations/read-input.js";
import { withDeadline } from "../time/deadline.js";
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
      return waitUntilWell(context, questions, { within, options });
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
  const component = questions[0]?.provider ?? "";
  const rounds = { samples: 0, inRow: 0, trouble: `no answer from ${questions.map(({ name }) => name).join(", ")}` };
  const reason = () => fail(coreErrors, "VERIFICATION_FAILED", { component, reason: rounds.trouble, samples: rounds.samples });
  return withDeadline(clock, { milliseconds: within, signal: call.signal, reason }, async (signal) => {
    for (;;) {
      const runs = await Promise.all(questions.map(async (question) => ({ question, run: await question.ask({ ...call, signal }) })));
      const bad = runs.find(({ question, run }) => run.status === "down" && question.critical);
      rounds.samples += 1;
      rounds.inRow = bad === undefined ? rounds.inRow + 1 : 0;
      if (rounds.inRow >= options.successes) return { samples: rounds.samples, checks: questions.map(({ name }) => name) };
      rounds.trouble =
        bad === undefined ? "it was well too seldom in a row" : `${bad.question.name}: ${bad.run.message ?? bad.run.reason ?? "down"}`;
      await clock.sleep(Math.min(options.every, 250), { signal });
    }
  });
}
