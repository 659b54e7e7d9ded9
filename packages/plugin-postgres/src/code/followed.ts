import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";

/** Does something of which somebody is told what came of it. */
export type Follow = <Result>(ask: () => Promise<Result>) => Promise<Result>;

/** Knows whether anybody waits for it. An `await` of a promise that is not just a promise asks for `then`. */
class Answer<Result> extends Promise<Result> {
  isAwaited = false;

  // What is made of it is just a promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  override then<Fulfilled = Result, Rejected = never>(
    onFulfilled?: ((value: Result) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.isAwaited = true;
    return super.then(onFulfilled, onRejected);
  }
}

/**
 * Runs the function of a migration, and whatever it asks without waiting for it: that is waited for here, before the migration counts as done. Where it fails and nobody has looked, it is the function's failure. What is asked when that has
 * failed or ended is refused with `POSTGRES_CODE_ENDED`: it would run outside of its transaction.
 */
export async function whileFollowed<Result>({ id }: MigrationFile, work: (follow: Follow) => Promise<Result>): Promise<Result> {
  const open = new Set<Promise<unknown>>();
  const failed: { readonly answer: Answer<unknown>; readonly error: unknown }[] = [];
  let hasEnded = false;
  const follow: Follow = <Asked>(ask: () => Promise<Asked>): Promise<Asked> => {
    const asked = hasEnded ? Promise.reject(fail(postgresErrors, "POSTGRES_CODE_ENDED", { migration: id })) : ask();
    const answer = new Answer<Asked>((resolve, reject) => {
      asked.then(resolve, reject);
    });
    const ended = asked.then(
      () => undefined,
      (error: unknown) => {
        failed.push({ answer, error });
      },
    );
    open.add(ended);
    void ended.then(() => open.delete(ended));
    // One that nobody waits for does not end the process.
    void Promise.prototype.then.call(answer, undefined, () => undefined);
    return answer;
  };
  const settle = async (): Promise<void> => {
    while (open.size > 0) await Promise.all(open);
  };
  const refuseUnseen = (): void => {
    const unseen = failed.find(({ answer }) => !answer.isAwaited);
    if (unseen !== undefined) throw unseen.error;
  };
  try {
    const result = await work(follow);
    await settle();
    refuseUnseen();
    return result;
  } catch (error) {
    // What failed before, unseen, is why this did.
    refuseUnseen();
    throw error;
  } finally {
    hasEnded = true;
    await settle();
  }
}
