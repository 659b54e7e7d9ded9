import type { CheckReport } from "../../deployer/types.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { oneLine, pad, widthOf, wrap } from "./text.js";

/** One line per check, and below it what to do where it is not up. */
export function checkLines(checks: readonly CheckReport[], output: Output): readonly string[] {
  const nameWidth = Math.max(0, ...checks.map((check) => widthOf(nameOf(check))));
  return checks.flatMap((check) => lines(check, nameWidth, output));
}

function lines(check: CheckReport, nameWidth: number, { style, width }: Output): readonly string[] {
  const { status, critical, reason, message, hint, latency } = check;
  const { marks } = style;
  const isBad = status === "down" && critical;
  const mark = status === "up" ? marks.good : isBad ? marks.bad : marks.warning;
  const paint = status === "up" ? style.good : isBad ? style.bad : style.warning;
  const why = [reason, message].filter((text) => text !== null && text !== "").join(": ");
  const what = `${status}${why === "" ? "" : `, ${why}`} (${formatMilliseconds(latency)})${critical ? "" : ", not critical"}`;
  const [first = "", ...others] = wrap(oneLine(what), width(), `  ${mark} ${pad(nameOf(check), nameWidth)}  `);
  return [
    first.replace(mark, paint),
    ...others,
    ...(status === "up" || hint === null ? [] : wrap(oneLine(hint), width(), "    → ").map((line) => style.faint(line))),
  ];
}

function nameOf({ provider, name }: CheckReport): string {
  return `${provider}: ${name}`;
}
