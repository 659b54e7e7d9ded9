import { createInterface } from "node:readline/promises";

/** Where a person answers; `process.stdin` is one. */
export type CliInput = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined; unref?(): unknown };

/** Reads the line that a person types. Rejects with the signal's reason. */
export async function readAnswer(input: CliInput, signal: AbortSignal): Promise<string> {
  // Without the terminal's raw mode, in which Ctrl-C would be a letter.
  const lines = createInterface({ input, terminal: false });
  const ended = Promise.withResolvers<string>();
  lines.once("close", () => {
    ended.resolve("");
  });
  try {
    return await Promise.race([lines.question("", { signal }), ended.promise]);
  } finally {
    lines.close();
    // Else the process would wait for what nobody types.
    input.unref?.();
  }
}
