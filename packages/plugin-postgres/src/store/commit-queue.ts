import { coreErrors, fail, nextTurn, type Json } from "@fairlead/core";
import type { Database } from "./database.js";
import { concernsAll } from "./failure.js";

/** Something that changes what commits are checked against: a commit, or the giving of a lease. */
export interface Change {
  /** What the database is handed: JSON. */
  readonly message: string;
  /** What it is about: streams, claims, leases. */
  readonly touches: readonly string[];
  /** Whether it is a plain commit, as `commit_2` knows them. */
  readonly isPlain?: boolean;
  /** Once it aborts, nobody waits for it any more: it is not sent, nor sent again. */
  readonly signal?: AbortSignal;
}

interface Waiting extends Change {
  readonly resolve: (answer: Json) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes of this process: those that come while others are under way go together, each for itself refused or not. Those that have something in common are made in their order. */
export interface CommitQueue {
  /** Answers what the database says of it. */
  submit(change: Change): Promise<Json>;
  /** The position of the last event of all, before every commit that comes later. Those who ask before it is sent share the answer. */
  position(): Promise<number>;
  /** Whether changes are under way. */
  readonly busy: boolean;
  /** Rejects with `STORE_CLOSED` what has not been sent. */
  close(): void;
}

const everything = "everything";

/** A change of nothing: its answer is the position of the last event of all. */
const positionChange: Change = { message: JSON.stringify({ streams: [] }), touches: [everything] };

/** While the database works on some, this process prepares others. */
const lanes = 2;

/** What goes together, in characters and in number: others wait meanwhile. */
const longestBatch = 1_000_000;
const mostChanges = 50;

/** `onSettled` is called when some are not under way any more, and whoever waited for them has been told. */
export function createCommitQueue(options: {
  readonly store: string;
  readonly ask: Database["ask"];
  /** The schema, as it is written in statements. */
  readonly schema: string;
  readonly onSettled: () => void;
}): CommitQueue {
  const { store, ask, schema, onSettled } = options;
  const text = `select ${schema}.commit_2($1::jsonb, $2::jsonb, $3) as answers`;
  const underWay = new Set<readonly Waiting[]>();
  const waiting: Waiting[] = [];
  let running = 0;
  let closed = false;
  /** A question about the position that has not been sent. */
  let asked: Promise<number> | undefined;

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    const apart = withoutOthers(batch);
    const values = (again: boolean): readonly unknown[] => {
      // Only the others are found again by their nonces.
      const [plain, others] = again ? [[], [...apart.plain, ...apart.others]] : [apart.plain, apart.others];
      return [toMessage(plain), toMessage(others), again];
    };
    const [row] = await ask<{ answers: readonly Json[] }>({ text, values });
    for (const [index, { resolve }] of [...apart.plain, ...apart.others].entries()) resolve(row?.answers[index] ?? null);
  };

  /** What the database cannot take at all is not the fault of those beside it. */
  const sendEach = async (batch: readonly Waiting[]): Promise<void> => {
    for (const one of batch) await send([one]).catch(one.reject);
  };

  const run = async (): Promise<void> => {
    // Those that come in the same moment go together, also where some of them have more to do before they come.
    await nextTurn();
    for (let batch = take(); batch.length > 0; batch = take()) {
      underWay.add(batch);
      try {
        await send(batch);
      } catch (error) {
        if (batch.length > 1 && !concernsAll(error)) await sendEach(batch);
        else for (const { reject } of batch) reject(error);
      }
      underWay.delete(batch);
      onSettled();
    }
    running -= 1;
  };

  const take = (): readonly Waiting[] => {
    const taken = new Set([...underWay].flatMap((batch) => batch.flatMap(({ touches }) => touches)));
    const isTaken = (touches: readonly string[]): boolean => taken.has(everything) || touches.some((one) => taken.has(one));
    let length = 0;
    const end = waiting.findIndex(({ message, touches }, index) => {
      length += message.length;
      // What comes behind a question about everything may not come before its answer.
      const isBehind = waiting[index - 1]?.touches.includes(everything) === true;
      return index >= mostChanges || (index > 0 && length > longestBatch) || isTaken(touches) || isBehind;
    });
    const batch = waiting.splice(0, end === -1 ? waiting.length : end);
    if (batch.some(({ touches }) => touches.includes(everything))) asked = undefined;
    return batch;
  };

  const submit = (change: Change): Promise<Json> =>
    new Promise((resolve, reject) => {
      if (closed) throw fail(coreErrors, "STORE_CLOSED", { store });
      waiting.push({ ...change, resolve, reject });
      if (running >= lanes) return;
      running += 1;
      void run();
    });

  return {
    get busy() {
      return underWay.size > 0;
    },
    submit,
    position: () => (asked ??= submit(positionChange).then(Number)),
    close() {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(fail(coreErrors, "STORE_CLOSED", { store }));
    },
  };
}

/** The plain ones that have nothing in common with any beside them, and the others in their order. */
function withoutOthers(batch: readonly Waiting[]): { readonly plain: readonly Waiting[]; readonly others: readonly Waiting[] } {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { touches } of batch) for (const one of touches) (seen.has(one) ? shared : seen).add(one);
  const [plain, others]: [Waiting[], Waiting[]] = [[], []];
  for (const one of batch) (one.isPlain === true && !one.touches.some((touched) => shared.has(touched)) ? plain : others).push(one);
  return { plain, others };
}

function toMessage(changes: readonly Change[]): string {
  return `[${changes.map(({ message, signal }) => (signal?.aborted === true ? positionChange.message : message)).join()}]`;
}
