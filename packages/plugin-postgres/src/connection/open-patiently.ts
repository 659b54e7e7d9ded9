import { isFairleadError, type Logger } from "@fairlead/core";
import { openSession, type SessionOptions } from "./open-session.js";
import type { Session } from "./session.js";

/** Between two tries, in milliseconds. */
const firstPause = 100;
const longestPause = 2_000;

/** Opens a connection; a server that takes no more is asked again for as long as `patience` says. */
export async function openPatiently(options: SessionOptions & { readonly patience: number; readonly log: Logger }): Promise<Session> {
  const { clock, signal, opening = signal, patience, log } = options;
  const begun = clock.now();
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 2)) {
    try {
      return await openSession(options);
    } catch (error) {
      if (!isFairleadError(error) || error.code !== "POSTGRES_FULL" || clock.now() - begun >= patience) throw error;
      if (pause === firstPause) log.info(`${error.message}; trying again`);
      await clock.sleep(pause * (0.5 + Math.random() / 2), { signal: opening });
    }
  }
}
