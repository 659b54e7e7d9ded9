import type { SecretSource } from "../contract/secret-source.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";

/** Most a source of secrets may take to answer, in milliseconds. */
const patience = 30_000;

/** A source that is waited for, and not for ever. Throws `SECRETS_UNANSWERED` with its description. */
export function patientSecrets(source: SecretSource, description: string, clock: Clock): SecretSource {
  return {
    resolve(names, call) {
      const { environment } = call;
      const reason = () => fail(coreErrors, "SECRETS_UNANSWERED", { source: description, environment, after: "30 s" });
      return withDeadline(clock, { milliseconds: patience, signal: call.signal, reason }, (signal) =>
        source.resolve(names, { ...call, signal }),
      );
    },
  };
}
