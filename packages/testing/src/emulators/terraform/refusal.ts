/** What an emulated command complains of. Nothing of `@fairlead/core` is loaded for it: the program is started for every command, and should begin at once. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Ends the emulated command with an error. */
export function refuse(problem: string): never {
  throw new Refusal(problem);
}
