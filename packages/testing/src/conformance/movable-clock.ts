import { systemClock, type Clock } from "@fairlead/core";

/** The machine's clock, which can be put forward. */
export function movableClock(): Clock & { readonly advance: (milliseconds: number) => void } {
  let ahead = 0;
  return {
    now: () => systemClock.now() + ahead,
    sleep: (milliseconds, options) => systemClock.sleep(milliseconds, options),
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
