import { expectTypeOf, test } from "vitest";
import type { ApplicationCheck, ProcessCheck } from "../contract/check.js";
import { createHealth } from "./create-health.js";
import { defineCheck } from "./define-check.js";
import { httpCheck } from "./checks/http-check.js";

const run = () => ({ status: "up" }) as const;

test("only what is declared to be about the process is fit for liveness", () => {
  const memory = defineCheck({ name: "memory", kind: "process", run });
  const database = defineCheck({ name: "database", run });
  const undeclared: ApplicationCheck = { scope: "application", name: "database", run };
  expectTypeOf(memory).toExtend<ProcessCheck>();
  createHealth({ checks: [memory, database, undeclared], liveness: [memory] }).addLiveness(memory);
  // @ts-expect-error: about a dependency
  createHealth({ liveness: [database] });
  // @ts-expect-error: about a dependency
  createHealth({ liveness: [httpCheck({ name: "api", url: "https://api.example.com" })] });
  // @ts-expect-error: not known what it is about
  createHealth().addLiveness(undeclared);
});

test("a check answers with one of three words", () => {
  // @ts-expect-error: nothing is no answer
  defineCheck({ name: "database", run: () => undefined });
  // @ts-expect-error: neither is a word of other libraries
  defineCheck({ name: "database", run: () => ({ status: "ok" }) });
});
