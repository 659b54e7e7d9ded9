import type { CallOptions } from "../contract/call.js";
import { connectionProblem } from "../errors/connection-problem.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds, toMilliseconds, type Duration } from "../time/duration.js";

export interface JsonRequest {
  /** How messages call the source. */
  readonly source: string;
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly timeout: Duration;
}

export interface JsonAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly json: unknown;
}

/** A source may well answer a whole page about what is wrong. */
const mostRead = 32 * 2 ** 20;

const busy = new Set([408, 425, 429]);

/**
 * Asks once, within the request's own time. Follows no redirect. Answers what is JSON, whatever the status says, except where trying again may help: then, and where nothing answers, it rejects with an error that is
 * `retryable`. No error holds the address, the headers or the body.
 */
export async function requestJson(
  request: JsonRequest,
  { clock, call }: { readonly clock: Clock; readonly call: CallOptions },
): Promise<JsonAnswer> {
  const { source, url, method, headers, body } = request;
  const milliseconds = toMilliseconds(request.timeout);
  const reason = () => fail(coreErrors, "METRICS_UNREACHABLE", { source, problem: `no answer within ${formatMilliseconds(milliseconds)}` });
  return withDeadline(clock, { milliseconds, signal: call.signal, reason }, async (signal) => {
    const response = await fetch(url, { method, headers, redirect: "manual", signal, ...(body === undefined ? {} : { body }) }).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw fail(coreErrors, "METRICS_UNREACHABLE", { source, problem: connectionProblem(error) });
      },
    );
    if (response.status >= 500 || busy.has(response.status)) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      throw fail(
        coreErrors,
        "METRICS_BUSY",
        { source, answer: String(response.status) },
        seconds > 0 ? { retryAfter: seconds * 1_000 } : {},
      );
    }
    const text = await readText(response).catch((error: unknown) => {
      signal.throwIfAborted();
      throw fail(coreErrors, "METRICS_UNREACHABLE", { source, problem: connectionProblem(error) });
    });
    const json = parsed(text);
    if (response.ok && json === undefined)
      throw fail(coreErrors, "METRICS_ANSWER_STRANGE", { source, problem: `${String(response.status)} with a body that is not JSON.` });
    return { status: response.status, ok: response.ok, json };
  });
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > mostRead) break;
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
