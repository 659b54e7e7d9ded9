import xterm from "@xterm/headless";

/** What a person sees of a terminal of this size after all of this has been sent to it. */
export async function screenOf(
  sent: string,
  { columns = 80, rows = 50 }: { readonly columns?: number; readonly rows?: number } = {},
): Promise<{ readonly lines: readonly string[]; readonly isCursorHidden: boolean; readonly hasBrokenLines: boolean }> {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 1_000, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => {
    terminal.write(sent, resolve);
  });
  const { active } = terminal.buffer;
  const all = Array.from({ length: active.length }, (_, index) => active.getLine(index));
  const lines = all.map((line) => line?.translateToString(true) ?? "");
  while (lines.at(-1) === "") lines.pop();
  const isCursorHidden = sent.lastIndexOf("\u001B[?25l") > sent.lastIndexOf("\u001B[?25h");
  const hasBrokenLines = all.some((line) => line?.isWrapped === true);
  terminal.dispose();
  return { lines, isCursorHidden, hasBrokenLines };
}
