import type { CommandReporter } from "@fairlead/core";

/** Whether a person wants it, who is asked. Where nobody can be, that is told, with what would stand for an answer. */
export async function isWanted(reporter: CommandReporter, question: string, otherwise: readonly string[]): Promise<boolean> {
  const answer = await reporter.confirm(question);
  if (answer === undefined) reporter.problem(otherwise);
  return answer === true;
}

/** Whether a person wants what is said: by `--yes`, or because they were asked. */
export async function isAgreed(
  { flags, reporter }: { readonly flags: { readonly yes: boolean }; readonly reporter: CommandReporter },
  what: string,
): Promise<boolean> {
  return flags.yes || isWanted(reporter, `${what} Go on?`, [what, "Nothing was done: give --yes where nobody can be asked."]);
}
