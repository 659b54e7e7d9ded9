import { isFairleadError, type CheckResult } from "@fairlead/core";

/** What a question has found out; an error of the catalogue is an answer too. Its reason is the code without its area, in lower case. */
export async function toResult(signal: AbortSignal, question: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await question();
  } catch (error) {
    signal.throwIfAborted();
    if (!isFairleadError(error)) throw error;
    const { code, message, hint } = error;
    return { status: "down", reason: code.replace(/^POSTGRES_/, "").toLowerCase(), message, hint };
  }
}
