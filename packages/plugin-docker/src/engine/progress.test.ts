import { expect, test } from "vitest";
import { readProgress } from "./progress.js";

async function* chunksOf(text: string, size: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const begun = `{"status":"Pulling from shop/worker","id":"1"}\r\n{"status":"Downloading","progressDetail":{"current":1,"total":2}}\r\n`;

test.for([1, 7, 10_000])("a failure in the last line is found, in chunks of %i bytes", async (size) => {
  const failed = `${begun}{"errorDetail":{"message":"unauthorized: “token” expired"},"error":"unauthorized"}\r\n`;

  expect(await readProgress(chunksOf(failed, size))).toBe("unauthorized: “token” expired");
});

test("also in a line without an end, and with the short form alone", async () => {
  expect(await readProgress(chunksOf(`${begun}{"error":"disk full"}`, 64))).toBe("disk full");
});

test("a pull that went well has no problem", async () => {
  expect(await readProgress(chunksOf(`${begun}{"status":"Status: Downloaded newer image"}\r\n`, 64))).toBeUndefined();
});
