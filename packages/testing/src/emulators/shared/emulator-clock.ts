/**
 * An emulator's own time. It follows the machine's clock unless it is manual; either way it can be moved forward, and everything
 * that the provider would have finished by then is finished.
 */
export interface EmulatorClock {
  readonly now: () => number;
  advance(milliseconds: number): void;
}

/** Where a manual clock starts: 2026-01-01T00:00:00Z. */
const manualStart = Date.UTC(2026, 0, 1);

export function createEmulatorClock(mode: "real" | "manual" = "real"): EmulatorClock {
  let moved = 0;
  return {
    now: () => (mode === "manual" ? manualStart : Date.now()) + moved,
    advance(milliseconds) {
      moved += milliseconds;
    },
  };
}
