import { expectTypeOf, test } from "vitest";
import type { Json } from "../json/index.js";
import type { StepDefinition } from "./index.js";

const step = { id: "announce", stage: "finalize", run: async () => undefined } as const;

test("what a step promises is what it has to bring", () => {
  const natural: StepDefinition = { ...step, idempotency: "natural", reversibility: "leave" };
  const once: StepDefinition = {
    ...step,
    idempotency: "none",
    observe: async () => ({ status: "applied", output: { id: 1 } }),
    reversibility: "undo",
    undo: async (_, { output }) => {
      expectTypeOf(output).toEqualTypeOf<Json | undefined>();
    },
  };
  expectTypeOf([natural, once]).toExtend<readonly StepDefinition[]>();
});

test("a promise that is not kept does not compile", () => {
  // @ts-expect-error what must not be done twice has to be observable
  expectTypeOf({ ...step, idempotency: "none", reversibility: "leave" } as const).toExtend<StepDefinition>();
  // @ts-expect-error what can be taken back has to say how
  expectTypeOf({ ...step, idempotency: "natural", reversibility: "undo" } as const).toExtend<StepDefinition>();
  // @ts-expect-error no such stage
  expectTypeOf({ ...step, stage: "later", idempotency: "natural", reversibility: "leave" } as const).toExtend<StepDefinition>();
});

test("its input is JSON, and what it was given", () => {
  const typed: StepDefinition<{ readonly channel: string }> = {
    ...step,
    idempotency: "natural",
    reversibility: "leave",
    input: { channel: "#shop" },
    run: async ({ channel }, { release, idempotencyKey }) => {
      expectTypeOf(channel).toBeString();
      return { channel, release: release.id, idempotencyKey };
    },
  };
  expectTypeOf(typed).toExtend<StepDefinition>();
  expectTypeOf<Parameters<StepDefinition["run"]>[0]>().not.toExtend<{ readonly channel: string }>();
  // @ts-expect-error a date is no JSON
  expectTypeOf<StepDefinition<{ readonly at: Date }>>().toBeObject();
});
