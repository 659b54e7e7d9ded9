import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import { definePlugin, defineStep, type StepCall, type StepDefinition } from "./index.js";

const announce = { id: "announce", stage: "finalize", run: async () => undefined } as const;

test("a step is what it was declared as, and fits into a plugin", () => {
  const step = defineStep({
    ...announce,
    input: { channel: "#shop" },
    idempotency: "none",
    observe: async ({ channel }, call) => {
      expectTypeOf(channel).toExtend<string>();
      expectTypeOf(call).toEqualTypeOf<StepCall>();
      return { status: "absent" };
    },
    reversibility: "undo",
    undo: async () => undefined,
  });
  expectTypeOf(step).toExtend<StepDefinition>();
  definePlugin({ id: "chat", provides: ["steps"], options: z.strictObject({}), setup: () => ({ steps: [step] }) });
});

test("a promise that is not kept does not compile", () => {
  // @ts-expect-error what can be taken back has to say how
  defineStep({ ...announce, idempotency: "natural", reversibility: "undo" });
  // @ts-expect-error what must not be done twice has to be observable
  defineStep({ ...announce, idempotency: "none", reversibility: "leave" });
  // @ts-expect-error whether it may be done twice has to be said
  defineStep({ ...announce, reversibility: "leave" });
  // @ts-expect-error no such stage
  defineStep({ ...announce, stage: "later", idempotency: "natural", reversibility: "leave" });
});
