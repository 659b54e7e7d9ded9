import type { Logger } from "../contract/call.js";

/** A logger of pino, or of Fastify, as far as it is used: what belongs to a message comes before it. */
export interface PinoLike {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/**
 * Makes of a logger of pino what `log` takes everywhere: `createHttp({ log: toLogger(app.log) })`. Handed over as it is, pino would take the fields of a message for values to put into its text, and lose them: with
 * them the reference by which an answer is found again. `console` needs nothing.
 */
export function toLogger(pino: PinoLike): Logger {
  return Object.freeze<Logger>({
    info: (message, fields = {}) => pino.info(fields, message),
    warn: (message, fields = {}) => pino.warn(fields, message),
    error: (message, fields = {}) => pino.error(fields, message),
  });
}
