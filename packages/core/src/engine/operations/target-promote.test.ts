import { expect, test } from "vitest";
import type { Serving } from "../../contract/target.js";
import type { OperationContext } from "../operation.js";
import { targetPromote } from "./target-promote.js";

/** A promote of `new` over `old`, at a target that says this of what serves. */
function contextOf(serving: Serving | undefined) {
  const context: Partial<Record<keyof OperationContext | "output", unknown>> = {
    step: { id: "web.promote", provider: "host", component: "web", input: {} },
    plan: { components: [{ name: "web", role: "web", target: "host", previous: { id: "old" } }] },
    input: { candidate: { id: "new" } },
    component: { application: "shop", environment: "production", component: "web", role: "web" },
    capabilities: { get: () => Promise.resolve({ current: () => Promise.resolve(serving) }) },
    call: {},
    output: undefined,
  };
  return context as unknown as OperationContext & { readonly output: undefined };
}

test.for([
  { serving: undefined, forward: "absent", back: "applied" },
  { serving: { candidate: { id: "old" }, settled: true }, forward: "absent", back: "undone" },
  { serving: { candidate: { id: "new" }, settled: true }, forward: "applied", back: "applied" },
  { serving: { candidate: { id: "old" }, settled: false }, forward: "in-progress", back: "in-progress" },
  { serving: { candidate: { id: "new" }, settled: false }, forward: "in-progress", back: "in-progress" },
])("of what serves ($serving) is concluded what became of the promote, and of taking it back", async ({ serving, forward, back }) => {
  expect((await targetPromote.observe(contextOf(serving))).status).toBe(forward);
  expect((await targetPromote.observeUndo?.(contextOf(serving)))?.status).toBe(back);
});
