import { connectionProblem, coreErrors, fail, type CallOptions, type Clock, type Secret } from "@fairlead/core";
import { cut } from "./cut.js";
import { notifyErrors } from "./notify-errors.js";
import { retryAfterOf } from "./retry-after.js";
import { untraced } from "./untraced.js";

/** An answer of a channel that took the message. */
export interface Answer {
  readonly text: string;
  readonly json: unknown;
}

export interface PostOptions {
  /** How messages call the channel. */
  readonly channel: string;
  readonly url: Secret;
  /** Added to the address. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly clock: Clock;
  /** Masks what the channel answers: it may say again what it was sent. */
  readonly redact: (text: string) => string;
}

const retryable = new Set([408, 425, 429]);
const gone = new Set([404, 410]);

/** Posts JSON once. Follows no redirect. Rejects with an error that says whether trying again makes sense and that never holds the address. */
export async function post(options: PostOptions, call: CallOptions): Promise<Answer> {
  const { channel, clock, redact } = options;
  const { default: ky } = await import("ky");
  const address = addressOf(options);
  let response: Response;
  try {
    response = await untraced(() =>
      ky.post(address, {
        body: options.body,
        headers: { "content-type": "application/json", ...options.headers },
        retry: 0,
        timeout: false,
        throwHttpErrors: false,
        redirect: "manual",
        signal: call.signal,
      }),
    );
  } catch (error) {
    call.signal.throwIfAborted();
    // The library's own error quotes the address, so it is not kept as the cause.
    throw fail(notifyErrors, "NOTIFIER_UNREACHABLE", { channel, problem: connectionProblem(error) });
  }
  const text = await response.text().catch(() => "");
  const json = parsed(text);
  if (response.ok) return { text, json };
  const answer = `${String(response.status)} ${cut(redact(text), 200)}`.trim();
  if (gone.has(response.status)) throw fail(coreErrors, "NOTIFIER_CHANNEL_GONE", { channel, problem: answer });
  if (response.status >= 500 || retryable.has(response.status)) {
    const retryAfter = retryAfterOf(response.headers, json, clock.now());
    throw fail(notifyErrors, "NOTIFIER_BUSY", { channel, answer: response.status }, retryAfter === undefined ? {} : { retryAfter });
  }
  throw fail(notifyErrors, "NOTIFIER_REFUSED", { channel, answer });
}

function addressOf({ channel, url, query = {} }: PostOptions): URL {
  const address = URL.parse(url.reveal());
  if (address === null || !["http:", "https:"].includes(address.protocol)) {
    throw fail(notifyErrors, "NOTIFIER_SECRET_MALFORMED", { channel, secret: url.name, expected: "an address that begins with https://" });
  }
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
