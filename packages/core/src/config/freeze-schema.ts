import * as z from "zod";
import { isTimeZone } from "../time/wall-time.js";

const moment = z.iso.datetime({ offset: true, error: "Expected a time with its offset such as 2026-12-23T17:00:00+01:00" });
const hour = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "Expected a time of day such as 16:00");

const once = z
  .strictObject({ from: moment, to: moment, reason: z.string().min(1) })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { error: "Expected `to` to be after `from`" });

const recurring = z
  .strictObject({
    every: z.enum(["week", "day"]),
    days: z
      .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
      .min(1)
      .optional(),
    from: hour.optional(),
    to: hour.optional(),
    zone: z.string().refine(isTimeZone, "Expected a time zone such as Europe/Berlin"),
    reason: z.string().min(1),
  })
  .refine(({ every, days }) => every === "week" || days === undefined, { error: 'Expected `every: "week"` where there are `days`' });

/** A time in which nothing begins: with `every` one that recurs, else one that is once. */
export const freezeSchema = z.unknown().superRefine((value, context) => {
  const schema = typeof value === "object" && value !== null && "every" in value ? recurring : once;
  for (const issue of schema.safeParse(value).error?.issues ?? [])
    context.addIssue({ code: "custom", path: issue.path, message: issue.message });
});
