import { expect, test } from "vitest";
import { CapturedStream } from "../../test/cli/test-streams.js";
import { guardStream } from "./stream.js";

test("what is written after the reader has gone is dropped, and nothing throws", async () => {
  const stream = new CapturedStream();
  const guarded = guardStream(stream);
  guarded.write("one");
  stream.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  guarded.write("two");
  await guarded.release();
  expect(stream.text).toBe("one");
  expect(stream.listenerCount("error")).toBe(0);
});

test("releasing waits until everything has been handed over", async () => {
  let written = "";
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const slow = {
    write(text: string, done?: () => void) {
      void promise.then(() => {
        written += text;
        done?.();
      });
    },
    on: () => undefined,
    off: () => undefined,
  };
  const guarded = guardStream(slow);
  guarded.write("one");
  const released = guarded.release().then(() => written);
  resolve(undefined);
  expect(await released).toBe("one");
});
