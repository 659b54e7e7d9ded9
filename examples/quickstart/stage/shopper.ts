import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** A part of the shop that reads and writes all the time, with the statements of one release. */
export interface Shopper {
  /** Ends it; resolves with how often it did all of its statements, and what went wrong. */
  stop(): Promise<{ readonly rounds: number; readonly errors: readonly string[] }>;
}

/** Starts one; `$1` in a statement is a number that it has not used before. */
export async function startShopper(url: string, statements: readonly string[], first = 1): Promise<Shopper> {
  const client = new pg.Client({ connectionString: url, application_name: "shopper" });
  client.on("error", () => undefined);
  await client.connect();
  const stopping = new AbortController();
  const errors: string[] = [];
  let rounds = 0;
  const shopping = (async () => {
    while (!stopping.signal.aborted) {
      for (const [index, text] of statements.entries()) {
        // With a name it is prepared once, as an application's driver does.
        const values = text.includes("$1") ? [first + rounds] : [];
        await client
          .query({ name: `statement-${index}`, text, values })
          .catch((error: unknown) => errors.push(`${text}: ${String(error)}`));
      }
      rounds += 1;
      await sleep(10);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await shopping;
      await client.end();
      return { rounds, errors };
    },
  };
}
