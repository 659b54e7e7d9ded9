import type { Logger } from "../../contract/call.js";
import { createOutputKeeper, type KeptOutput } from "./kept-output.js";
import { runProgram, type ProgramCall } from "./run-program.js";

/** Answers longer than this are none, in bytes. */
const longestAnswer = 256 * 1024 * 1024;

/** Runs a program to its end. With `answers` what it writes is an answer and not for people: it is neither logged nor kept. */
export async function askProgram({
  log,
  redact,
  answers = false,
  ...call
}: Omit<ProgramCall, "onOutput"> & {
  readonly log: Logger;
  readonly redact: (text: string) => string;
  readonly answers?: boolean | undefined;
}): Promise<{ readonly code: number; readonly text: string; readonly kept: KeptOutput }> {
  const keeper = createOutputKeeper(log, redact);
  const answer: Buffer[] = [];
  let size = 0;
  const onOutput = (from: "stdout" | "stderr", piece: Buffer): void => {
    if (!answers || from === "stderr") keeper.take(from, piece);
    else if ((size += piece.length) <= longestAnswer) answer.push(piece);
  };
  let kept: KeptOutput = { lines: [], omitted: 0 };
  const code = await runProgram({ ...call, onOutput }).finally(() => {
    kept = keeper.end();
  });
  return { code, text: Buffer.concat(answer).toString(), kept };
}
