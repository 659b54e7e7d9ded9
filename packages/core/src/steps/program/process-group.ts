import type { Clock } from "../../time/clock.js";

/** Between two looks whether a group is gone, in milliseconds. */
const lookEvery = 20;

/** Asks a group of processes to end, and kills what is left of it after the grace. Resolves when it is gone. */
export async function endGroup(group: number, grace: number, clock: Clock): Promise<void> {
  if (!tell(group, "SIGTERM")) return;
  const until = clock.now() + grace;
  while (clock.now() < until) {
    await clock.sleep(lookEvery);
    if (!tell(group, 0)) return;
  }
  tell(group, "SIGKILL");
}

/** Sends a signal to a group, 0 to look for it. Whether there was one. */
function tell(group: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}
