import * as z from "zod";
import { addressOption, durationOption } from "../metrics/source-options.js";

const texts = z.record(z.string(), z.string());
const json = z.json();

const request = z.strictObject({
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).optional(),
  path: z.string().startsWith("/", "Expected a path that begins with /"),
  headers: texts.optional(),
  body: z.union([z.string(), z.record(z.string(), json), z.array(json)]).optional(),
  expect: z
    .strictObject({
      status: z.int().min(100).max(599).optional(),
      headers: texts.optional(),
      text: z.string().optional(),
      json: z.record(z.string(), json).optional(),
    })
    .optional(),
  keep: z
    .record(
      z.string().regex(/^[a-z][A-Za-z0-9]*$/, "Expected a name of letters and digits"),
      z.union([z.string().startsWith("/", "Expected a JSON pointer such as /id"), z.strictObject({ header: z.string().min(1) })]),
    )
    .optional(),
});

const test = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/, "Expected a name of lower-case letters, digits and hyphens"),
    component: z.string().optional(),
    after: z.enum(["verify", "promote"]).optional(),
    url: addressOption.optional(),
    within: durationOption.optional(),
    run: z.custom<object>((value) => typeof value === "function", { error: "Expected a function" }).optional(),
    requests: z.array(request).min(1).optional(),
    command: z.array(z.string()).min(1).optional(),
    cwd: z.string().optional(),
    env: texts.optional(),
    inherit: z.union([z.literal("all"), z.array(z.string())]).optional(),
  })
  .refine(({ run, requests, command }) => [run, requests, command].filter((one) => one !== undefined).length === 1, {
    error: "Expected one of `run`, `requests` and `command`",
  });

/** What the smoke tests of an environment must look like. What their names refer to is checked besides. */
export const smokeSchema = z.array(test);
