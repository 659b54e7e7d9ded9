import type { SmokeSubject } from "../../config/smoke-options.js";
import type { OperationContext } from "../../engine/operation.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import type { SmokeAction } from "../../plan/index.js";
import { deploymentVariables } from "../../steps/program/deployment-variables.js";
import { createOutputKeeper, lastLines } from "../../steps/program/kept-output.js";
import { runProgram } from "../../steps/program/run-program.js";
import { programVariables } from "../../steps/program/variables.js";

/** How long a program may take to end when it is told to, in milliseconds. */
const grace = 5_000;

/** Runs the program of a smoke test, and answers what it said. Rejects unless it ends with exit code 0. */
export async function runCommand(
  { argv, folder, variables, inherit }: Extract<SmokeAction, { readonly kind: "command" }>,
  about: {
    readonly test: string;
    readonly subject: SmokeSubject;
    readonly context: OperationContext;
    readonly redact: (text: string) => string;
  },
): Promise<Json> {
  const { test, subject, redact } = about;
  const { call, clock, plan } = about.context;
  const keeper = createOutputKeeper(call.log, redact);
  const own = {
    ...variables,
    ...deploymentVariables({ ...call, release: plan.release }),
    FAIRLEAD_COMPONENT: subject.component,
    FAIRLEAD_CANDIDATE: subject.candidate.id,
    ...(subject.url === undefined ? {} : { FAIRLEAD_URL: subject.url }),
  };
  let code: number;
  const onOutput = keeper.take.bind(keeper);
  try {
    code = await runProgram({ argv, folder, variables: programVariables(inherit, own), grace, clock, signal: call.signal, onOutput });
  } catch (error) {
    keeper.end();
    throw error;
  }
  const { lines, omitted } = keeper.end();
  if (code === 0) return { exitCode: code, lines: [...lines], omitted };
  const said = `${redact(argv.join(" "))} ended with exit code ${String(code)}.\n${lastLines({ lines, omitted })}`;
  throw fail(coreErrors, "SMOKE_FAILED", { test, component: subject.component, reason: said });
}
