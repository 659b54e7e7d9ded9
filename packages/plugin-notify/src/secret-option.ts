import { isSecretReference, type SecretReference } from "@fairlead/core";
import * as z from "zod";

/** An option that is given as `secret("NAME")`, never as plain text. */
export const secretOption = z.custom<SecretReference>(isSecretReference, { error: 'Expected secret("NAME")' });
