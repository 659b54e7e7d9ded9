import { inspect } from "node:util";
import { expect, test } from "vitest";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { maskedError } from "./masked-error.js";
import { createRedactor } from "./redactor.js";

const value = "Zk3-canary/9Q+x";

function redactor() {
  const made = createRedactor();
  made.register("TOKEN", value);
  return made;
}

test("an error of ours keeps what it is matched by, and its cause is words alone", () => {
  const cause = Object.assign(new Error(`refused ${value}`), {
    code: "ECONNREFUSED",
    request: { headers: { authorization: `Bearer ${value}` } },
  });
  const thrown = fail(coreErrors, "STORE_UNAVAILABLE", { store: "a store", problem: `it says ${value}.` }, { cause });
  const masked = maskedError(redactor(), thrown);

  expect(isFairleadError(masked, "STORE_UNAVAILABLE") && masked.data).toEqual({ store: "a store", problem: "it says [redacted:TOKEN]." });
  expect(masked).toMatchObject({ message: expect.stringContaining("[redacted:TOKEN]"), hint: thrown.hint, retryable: thrown.retryable });
  expect(masked.cause).toMatchObject({ code: "ECONNREFUSED", message: "refused [redacted:TOKEN]" });
  expect(masked.toJSON().cause).toEqual(masked.cause);
  expect(inspect(masked, { depth: 9 })).not.toContain(value);
});

test("any other error becomes one of ours, and says where it was thrown", () => {
  const thrown = new TypeError(`no ${value}`, { cause: { value } });
  const masked = maskedError(redactor(), thrown);
  expect(masked).toMatchObject({ code: "UNEXPECTED_ERROR", message: expect.stringContaining("no [redacted:TOKEN]") });
  expect(masked.stack).toContain("masked-error.test");
  expect(inspect(masked, { depth: 9 })).not.toContain(value);
  expect(maskedError(redactor(), `oh ${value}`).message).toContain("oh [redacted:TOKEN]");
});
