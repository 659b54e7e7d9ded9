import { coreErrors, fail, isFairleadError, type StoreCommit } from "@fairlead/core";
import { toMessage, type CommitAnswer } from "./commit.js";
import type { Database } from "./database.js";

interface Waiting {
  readonly commit: StoreCommit;
  readonly message: string;
  readonly resolve: (answer: CommitAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits of this process, in order: those that come while one is under way go together afterwards, each for itself refused or not. */
export interface CommitQueue {
  commit(commit: StoreCommit): Promise<CommitAnswer>;
  /** Commits that come later wait for this, however it ends. */
  after(work: Promise<unknown>): void;
  /** Whether commits are under way. */
  readonly busy: boolean;
  /** Rejects with `STORE_CLOSED` what has not been sent. */
  close(): void;
}

/** What goes together, in characters and in number: others wait meanwhile. */
const longestBatch = 1_000_000;
const mostCommits = 200;

/**
 * `onCommitted` is told of every commit that is written, in order, before whoever waits for it is; `onSettled` when nothing is known to be under way.
 */
export function createCommitQueue(options: {
  readonly store: string;
  readonly ask: Database["ask"];
  /** The schema, as it is written in statements. */
  readonly schema: string;
  readonly onCommitted: (commit: StoreCommit, position: number) => void;
  readonly onSettled: () => void;
}): CommitQueue {
  const { store, ask, schema, onCommitted, onSettled } = options;
  const text = `select ${schema}.commit_1($1::jsonb, $2) as answers`;
  let waiting: Waiting[] = [];
  let before: Promise<unknown> = Promise.resolve();
  let running = false;
  let sending = false;
  let closed = false;

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    const commits = `[${batch.map(({ message }) => message).join()}]`;
    const [row] = await ask<{ answers: readonly CommitAnswer[] }>({ text, values: (again) => [commits, again] });
    for (const [index, { commit, resolve }] of batch.entries()) {
      const answer = row?.answers[index];
      if (typeof answer === "number") onCommitted(commit, answer);
      if (answer !== undefined) resolve(answer);
    }
  };

  /** What the database cannot take at all is not the fault of those beside it. */
  const sendEach = async (batch: readonly Waiting[]): Promise<void> => {
    for (const one of batch) await send([one]).catch(one.reject);
  };

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await before;
      const batch = take();
      sending = true;
      await send(batch).catch(async (error: unknown) => {
        if (batch.length > 1 && !isFairleadError(error, "STORE_UNAVAILABLE") && !isFairleadError(error, "STORE_CLOSED"))
          return sendEach(batch);
        for (const { reject } of batch) reject(error);
        return undefined;
      });
      sending = false;
      onSettled();
    }
    running = false;
  };

  const take = (): readonly Waiting[] => {
    let length = 0;
    const count = waiting.findIndex(({ message }, index) => {
      length += message.length;
      return index >= mostCommits || (index > 0 && length > longestBatch);
    });
    const batch = waiting.slice(0, count === -1 ? undefined : count);
    waiting = waiting.slice(batch.length);
    return batch;
  };

  return {
    get busy() {
      return sending;
    },
    commit: (commit) =>
      new Promise((resolve, reject) => {
        if (closed) throw fail(coreErrors, "STORE_CLOSED", { store });
        waiting.push({ commit, message: toMessage(commit), resolve, reject });
        if (running) return;
        running = true;
        void run();
      }),
    after(work) {
      const settled = work.catch(() => undefined);
      before = Promise.all([before, settled]);
    },
    close() {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(fail(coreErrors, "STORE_CLOSED", { store }));
    },
  };
}
