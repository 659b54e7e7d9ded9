import * as z from "zod";

/** What addresses and forms of the pages may say. What they say besides is not looked at. */

const environment = z.string().min(1).max(200);
const id = z.string().min(1).max(100);

/** Browsers send two characters for a line's end; what is left empty is not there. */
const reason = z
  .string()
  .max(20_000)
  .transform((text) => text.replaceAll("\r\n", "\n").trim())
  .pipe(z.string().max(2_000))
  .transform((text) => (text === "" ? undefined : text))
  .optional();

export const deploymentPath = z.strictObject({ deploymentId: id });

export const listQuery = z.object({
  environment: environment.optional(),
  after: z.string().min(1).max(500).describe("Of the link to what is older").optional(),
});

export const deploymentQuery = z.object({
  steps: z.coerce.number().int().min(1).max(10_000).describe("Which page of the steps").optional(),
  all: z.literal("yes").describe("Every line of what is long").optional(),
  did: z.string().max(20).describe("What a command has answered").optional(),
});

export const rollbackQuery = z.object({ environment, to: id.describe("Id of a release").optional() });

export const wordForm = z.object({ digest: z.string().max(100).optional(), reason });

export const rollbackForm = z.object({
  environment,
  to: id.describe("Id of the release that the page showed as where it goes"),
  from: id.describe("Id of the release that served when the page was shown"),
  key: z.string().regex(/^[\w-]{1,100}$/, "is not of the form"),
  reason,
});
