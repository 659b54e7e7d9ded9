import * as z from "zod";
import { isSecretReference, type SecretReference } from "../secret/index.js";
import { isDuration, type Duration } from "../time/duration.js";

/** An address that holds nothing secret. */
export const addressOption = z.string().refine(isPlainAddress, {
  error: "Expected an http: or https: address without credentials; those belong into options that take secrets",
});

export const secretOption = z.custom<SecretReference>(isSecretReference, { error: 'Expected secret("NAME")' });

export const durationOption = z.custom<Duration>((value) => typeof value === "string" && isDuration(value), {
  error: 'Expected a duration such as "10s"',
});

/** Names of headers; values that are plain or secret. */
export const headersOption = z.record(z.string(), z.union([z.string(), secretOption]));

function isPlainAddress(text: string): boolean {
  const url = URL.parse(text.replaceAll("$", ""));
  return url !== null && ["http:", "https:"].includes(url.protocol) && url.username === "" && url.password === "";
}
