import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { OperationContext, OperationHandler } from "../engine/operation.js";
import { createStopwatch } from "../time/stopwatch.js";
import type { Question } from "./ask.js";
import type { GateOptions } from "./options.js";
import { servingQuestions } from "./serving-questions.js";

/**
 * Watches a release while it serves: asks the application's checks and those of the live release round after round. A critical check that fails several times in a row, and for long enough, ends it; one that was
 * never up, or is not when the time is over, is asked on until it has, or is.
 */
export function bakeGate(options: GateOptions): OperationHandler {
  return {
    async run(context) {
      const questions = await servingQuestions(context, options, context.input["live"] !== false);
      const length = typeof context.input["for"] === "number" ? context.input["for"] : Number.POSITIVE_INFINITY;
      if (questions.length === 0) {
        context.call.log.warn("no check watches the release: nothing is known about it");
        await context.clock.sleep(length, { signal: context.call.signal });
        return { samples: 0, checks: [] };
      }
      return watchRounds(context, questions, { length, options });
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}

/** Most that one round of checks takes, in milliseconds: what the clock says beyond that somebody has set. */
const longestRound = 60_000;

async function watchRounds(
  { clock, call }: OperationContext,
  questions: readonly Question[],
  { length, options }: { readonly length: number; readonly options: GateOptions },
): Promise<{ readonly samples: number; readonly checks: readonly { readonly name: string; readonly failures: number }[] }> {
  const watch = createStopwatch(clock, options.every + longestRound);
  const counts = questions.map((question) => ({ question, failures: 0, inRow: 0, since: 0, successes: 0 }));
  for (let samples = 1; ; samples += 1) {
    await Promise.all(
      counts.map(async (count) => {
        const run = await count.question.ask(call);
        if (count.inRow === 0) count.since = watch.elapsed();
        count.inRow = run.status === "down" ? count.inRow + 1 : 0;
        if (run.status === "down") count.failures += 1;
        else count.successes += 1;
        if (run.status === "down") call.log.warn(`${count.question.name}: ${run.message ?? run.reason ?? "down"}`);
        if (count.question.critical && count.inRow >= options.failures && watch.elapsed() - count.since >= options.failingFor) {
          throw fail(coreErrors, "BAKE_FAILED", { check: count.question.name, reason: run.message ?? run.reason ?? "down", samples });
        }
      }),
    );
    const inDoubt = counts.some(({ question, successes, inRow }) => question.critical && (successes === 0 || inRow > 0));
    const rest = length - watch.elapsed();
    if (rest <= 0 && !inDoubt) {
      return { samples, checks: counts.map(({ question, failures }) => ({ name: question.name, failures })) };
    }
    await clock.sleep(rest > 0 ? Math.min(options.every, rest) : options.every, { signal: call.signal });
  }
}
