import type { Clock } from "../../time/clock.js";

/** Between two looks whether a group is gone, in milliseconds. */
const lookEvery = 20;

/** Who is asked to end first: all of a group, or its leader, who asks those that are to know. */
export type Addressee = "group" | "leader";

/** Asks a group of processes to end, and kills what is left of it after the grace. Resolves when it is gone. */
export async function endGroup(
  group: number,
  { first, grace, clock }: { readonly first: Addressee; readonly grace: number; readonly clock: Clock },
): Promise<void> {
  if (!tell(first === "group" ? -group : group, "SIGTERM")) return;
  const until = clock.now() + grace;
  while (clock.now() < until) {
    await clock.sleep(lookEvery);
    if (!tell(-group, 0)) return;
  }
  tell(-group, "SIGKILL");
}

/** Sends a signal to a process, or a group where the number is negative; 0 looks for it. Whether there was one. */
function tell(whom: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(whom, signal);
    return true;
  } catch {
    return false;
  }
}
