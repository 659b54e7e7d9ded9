import { expect, test } from "vitest";
import { createInTurn } from "./in-turn.js";

const never = new AbortController().signal;

function createGate(): { readonly open: () => void; readonly opened: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { open: () => resolve(undefined), opened: promise };
}

test("work with one key runs one after the other, also after a failure; with another key at once", async () => {
  const inTurn = createInTurn();
  const gate = createGate();
  const begun: string[] = [];
  const work = (name: string, until: Promise<void>) => async (): Promise<string> => {
    begun.push(name);
    await until;
    if (name === "first") throw new Error("it failed");
    return name;
  };
  const first = inTurn.run("a", never, work("first", gate.opened));
  const second = inTurn.run("a", never, work("second", Promise.resolve()));
  expect(await inTurn.run("b", never, work("other", Promise.resolve()))).toBe("other");
  expect(begun).toEqual(["first", "other"]);
  gate.open();
  await expect(first).rejects.toThrow("it failed");
  expect(await second).toBe("second");
});

test("an abort ends the wait for a turn, and the work is not done", async () => {
  const inTurn = createInTurn();
  const gate = createGate();
  const first = inTurn.run("a", never, () => gate.opened);
  const controller = new AbortController();
  let done = false;
  const second = inTurn.run("a", controller.signal, async () => {
    done = true;
  });
  controller.abort(new Error("no longer wanted"));
  await expect(second).rejects.toThrow("no longer wanted");
  gate.open();
  await first;
  await inTurn.run("a", never, async () => undefined);
  expect(done).toBe(false);
});
