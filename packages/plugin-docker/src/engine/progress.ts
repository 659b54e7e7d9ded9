import * as z from "zod";

const progressLine = z.object({ error: z.string().optional(), errorDetail: z.object({ message: z.string() }).optional() });

/**
 * Reads the progress of a pull to its end and says what went wrong, if anything: the engine answers 200 before it begins, and tells of a failure in one of the lines.
 */
export async function readProgress(chunks: AsyncIterable<Buffer>): Promise<string | undefined> {
  let rest = "";
  let problem: string | undefined;
  const note = (line: string): void => {
    problem ??= problemIn(line);
  };
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(note);
  }
  note(rest);
  return problem;
}

function problemIn(line: string): string | undefined {
  if (line.trim() === "") return undefined;
  try {
    const { error, errorDetail } = progressLine.parse(JSON.parse(line));
    return errorDetail?.message ?? error;
  } catch {
    return undefined;
  }
}
