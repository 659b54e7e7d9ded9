import type { StreamReply } from "./exchange.js";

/** Whether this process is about to end, for answers that would otherwise go on. */
export interface Leaving {
  /** From now on streams end: those that are open, and those that begin, each with the wish to come again soon. Idempotent. */
  leave(): void;
  /** The same stream, which ends when the process leaves. */
  wrap(reply: StreamReply): StreamReply;
}

/** Between these, in milliseconds: not all who were here come again at the same moment. */
const comeAgain = { least: 500, most: 3_000 };

/** Ends streams when the process leaves, so that none holds it up. */
export function createLeaving(): Leaving {
  const open = new Set<() => void>();
  let isLeaving = false;
  const streamOf = async function* (stream: StreamReply["stream"], gone: AbortSignal): AsyncGenerator<string> {
    const ended = new AbortController();
    const end = (): void => ended.abort("it is over");
    open.add(end);
    gone.addEventListener("abort", end, { once: true });
    try {
      if (isLeaving || gone.aborted) end();
      else yield* stream(ended.signal);
      if (isLeaving && !gone.aborted) yield `retry: ${String(retryIn())}\n\n`;
    } finally {
      open.delete(end);
      gone.removeEventListener("abort", end);
      end();
    }
  };
  return {
    leave() {
      isLeaving = true;
      for (const end of [...open]) end();
    },
    wrap: (reply) => ({ ...reply, stream: (gone) => streamOf(reply.stream, gone) }),
  };
}

function retryIn(): number {
  return Math.round(comeAgain.least + Math.random() * (comeAgain.most - comeAgain.least));
}
