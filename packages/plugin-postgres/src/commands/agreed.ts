import type { CommandReporter } from "@fairlead/core";

/** Whether a person wants what is said: by `--yes`, or because they were asked. */
export async function isAgreed(
  { flags, reporter }: { readonly flags: { readonly yes: boolean }; readonly reporter: CommandReporter },
  what: string,
): Promise<boolean> {
  if (flags.yes) return true;
  const answer = await reporter.confirm(`${what} Go on?`);
  if (answer === undefined) reporter.problem([what, "Nothing was done: give --yes where nobody can be asked."]);
  return answer === true;
}
