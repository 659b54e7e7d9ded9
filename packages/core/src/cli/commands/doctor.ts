import type { DoctorReport } from "../../deployer/types.js";
import { defineCommand } from "../command.js";
import type { ExitCode } from "../exit-codes.js";
import type { Output } from "../output.js";
import { checkLines } from "../render/checks.js";
import { problemLines } from "../render/error.js";
import { oneLine, wrap } from "../render/text.js";
import { count } from "../render/words.js";
import { environmentOf } from "../subject.js";
import { environmentBrief } from "./shared-flags.js";

export const doctorCommand = defineCommand<object>({
  name: "doctor",
  brief: "Look for what would keep a deployment from working",
  description: "Checks configuration and secrets, and whether the store and every provider can be reached. Changes nothing.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["doctor production"],
  flags: {},
  async run(session, _flags, subject) {
    const { deployer, output } = session;
    const environment = environmentOf(session, subject);
    const report = await deployer.doctor(environment);
    output.record("doctor", { report });
    output.text([output.style.strong(`${deployer.application}: doctor of ${environment}`), ...reportLines(report, output)]);
    return { exitCode: exitCodeOf(report), next: report.healthy ? [`plan ${environment}`] : [] };
  },
});

function exitCodeOf({ healthy, problems }: DoctorReport): ExitCode {
  if (healthy) return 0;
  return problems.length > 0 ? 2 : 1;
}

function reportLines({ store, problems, checks }: DoctorReport, output: Output): readonly string[] {
  const { style } = output;
  const { marks } = style;
  const line = (isGood: boolean, name: string, text: string): readonly string[] => {
    const mark = isGood ? marks.good : marks.bad;
    const [first = "", ...others] = wrap(oneLine(text), output.width(), `  ${mark} ${name}: `);
    return [first.replace(mark, isGood ? style.good : style.bad), ...others];
  };
  return [
    ...line(problems.length === 0, "configuration and secrets", problems.length === 0 ? "no problem" : count(problems.length, "problem")),
    ...problemLines(problems, output),
    ...line(store.reachable, "store", `${store.description}${store.message === null ? "" : `: ${store.message}`}`),
    ...(problems.length > 0 ? [`  ${marks.waiting} providers: asked when the configuration is in order`] : checkLines(checks, output)),
  ];
}
