import { isDuration, type Duration } from "@fairlead/core";
import * as z from "zod";

/** Reads a duration that came from outside. */
export const durationSchema = z.custom<Duration>(
  (value) => typeof value === "string" && isDuration(value),
  'write a duration, for example "250ms"',
);
