/** A day of the calendar, wherever it is. As a number: days since 1970-01-01. */
export type Day = number;

const dayLength = 86_400_000;
const minute = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the time zone is known here, e.g. `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The day that it is in a time zone at a moment. */
export function dayOf(moment: number, zone: string): Day {
  return Math.floor((moment + offsetAt(moment, zone)) / dayLength);
}

/** 0 is Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 4) % 7) + 7) % 7;
}

/**
 * When the clocks of a time zone show this: so many minutes after the midnight with which the day begins, 1440 being the next one. Where clocks are set back they may show it twice; where they are set
 * forward past it, both are the moment at which they are.
 */
export function momentsOf(day: Day, minutes: number, zone: string): { readonly first: number; readonly last: number } {
  const shown = day * dayLength + minutes * minute;
  // No zone sets its clocks twice within two days.
  const [before, after] = [offsetAt(shown - dayLength, zone), offsetAt(shown + dayLength, zone)];
  const found = [shown - before, shown - after].filter((moment) => moment + offsetAt(moment, zone) === shown);
  if (found.length > 0) return { first: Math.min(...found), last: Math.max(...found) };
  const change = changeBetween(shown - after, shown - before, zone);
  return { first: change, last: change };
}

/** The moment from which on the offset is that at the end. */
function changeBetween(from: number, to: number, zone: string): number {
  let [low, high] = [Math.floor(from / minute), Math.ceil(to / minute)];
  const wanted = offsetAt(high * minute, zone);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * minute, zone) === wanted) high = middle;
    else low = middle;
  }
  return high * minute;
}

/** How far the clocks of a time zone are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, zone: string): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute: minutes = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minutes, second) - Math.floor(moment / 1_000) * 1_000;
}

/** Throws a `RangeError` for a zone that is not known. Making one costs a thousand times what asking it does. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const number = "numeric" as const;
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: number, month: number, day: number, hour: number, minute: number, second: number },
    });
    formats.set(zone, format);
  }
  return format;
}
