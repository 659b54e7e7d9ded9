import type { SmokeFunction, SmokeSubject } from "../../config/smoke-options.js";
import type { OperationContext, OperationHandler } from "../../engine/operation.js";
import { candidateOf, componentOf } from "../../engine/operations/read-input.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail, isFairleadError, serializeError } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import type { SmokeAction } from "../../plan/index.js";
import { withDeadline } from "../../time/deadline.js";
import { formatMilliseconds } from "../../time/duration.js";

export interface SmokeOptions {
  /** By the names of their tests. */
  readonly functions: ReadonlyMap<string, SmokeFunction>;
  /** Masks secrets in what programs say. */
  readonly redact: (text: string) => string;
}

/** Tests a release from outside, as the plan says. */
export function smokeGate(options: SmokeOptions): OperationHandler {
  return {
    async run(context) {
      const { input, step, clock, call } = context;
      const action = input["action"] as unknown as SmokeAction;
      const test = typeof input["name"] === "string" ? input["name"] : step.id;
      const { component } = componentOf(context);
      const within = typeof input["within"] === "number" ? input["within"] : step.timeout;
      const failed = (reason: string, cause?: unknown): Error => fail(coreErrors, "SMOKE_FAILED", { test, component, reason }, { cause });
      const late = () => failed(`it was not done within ${formatMilliseconds(within)}`);
      try {
        return await withDeadline(clock, { milliseconds: within, signal: call.signal, reason: late }, (signal) =>
          act(action, { test, context: { ...context, call: { ...call, signal } }, options }),
        );
      } catch (error) {
        // Whoever ended it has said why.
        call.signal.throwIfAborted();
        if (isFairleadError(error, "SMOKE_UNKNOWN") || isFairleadError(error, "SMOKE_FAILED")) throw error;
        throw failed(serializeError(error).message, error);
      }
    },
    observe: () => Promise.resolve({ status: "absent" }),
  };
}

async function act(
  action: SmokeAction,
  { test, context, options }: { readonly test: string; readonly context: OperationContext; readonly options: SmokeOptions },
): Promise<Json> {
  const { call, clock } = context;
  const subject = subjectOf(context);
  const { component } = subject;
  switch (action.kind) {
    case "function": {
      const run = options.functions.get(test);
      if (run === undefined) throw fail(coreErrors, "SMOKE_UNKNOWN", { test });
      await run(subject, { signal: call.signal, log: call.log });
      return {};
    }
    case "requests": {
      if (subject.url === undefined) throw fail(coreErrors, "SMOKE_FAILED", { test, component, reason: "the candidate has no address" });
      const { runScript } = await import("./run-script.js");
      return runScript(action.requests, { url: subject.url, clock, signal: call.signal });
    }
    case "command": {
      const { runCommand } = await import("./run-command.js");
      return runCommand(action, { test, subject, context, redact: options.redact });
    }
  }
}

function subjectOf(context: OperationContext): SmokeSubject {
  const { input, plan } = context;
  const candidate = candidateOf(context);
  const url = typeof input["url"] === "string" ? input["url"] : candidate.url;
  const about = { ...componentOf(context), release: plan.release, candidate, live: input["live"] === true };
  return { ...about, ...(url === undefined ? {} : { url }) };
}
