import * as z from "zod";
import { isSecretReference, type SecretReference } from "../../secret/secret.js";
import { isDuration, toMilliseconds, type Duration } from "../../time/duration.js";

/** A duration, checked and left as it is written. */
export const durationText = z.custom<Duration>(
  (value) => typeof value === "string" && isDuration(value),
  'Write a number and one of ms, s, m, h, d, e.g. "30s".',
);

/** A duration in milliseconds. */
export const duration = durationText.transform((value) => toMilliseconds(value));

/** Variables of a program by name: text, or secrets. */
export const variables = z.record(
  z.string().regex(/^(?!FAIRLEAD_)[A-Za-z_][A-Za-z0-9_]*$/),
  z.union([z.string(), z.custom<SecretReference>(isSecretReference)], 'Write text, or name a secret: `secret("NAME")`.'),
  {
    error: ({ code }) =>
      code === "invalid_key" ? "Name it with letters, digits and _; names that begin with FAIRLEAD_ are set by Fairlead." : undefined,
  },
);

/** Which variables of the deploying process a program has besides the usual ones. */
export const inherit = z.union([z.literal("all"), z.array(z.string())], 'Write "all", or the names of variables.');

export const stage = z.enum(["preflight", "backup", "provision", "expand", "verify", "shift", "promote", "bake", "finalize", "contract"]);

export const order = z.enum(["first", "last"]);

/** Whether people have to agree. */
export const approval = z.union(
  [z.boolean(), z.strictObject({ required: z.int().positive().exactOptional(), expiresAfter: durationText.exactOptional() })],
  "Write true, or how many people have to agree and how long that is waited for.",
);
