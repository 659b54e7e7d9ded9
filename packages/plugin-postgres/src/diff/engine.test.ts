import { expect, test, vi } from "vitest";
import { loadDiffEngine } from "./engine.js";

test("where the library is not installed the error names it and its version", async () => {
  vi.doMock("@supabase/pg-delta/extract", () => {
    throw new TypeError("Cannot find package '@supabase/pg-delta'");
  });
  await expect(loadDiffEngine()).rejects.toMatchObject({
    code: "POSTGRES_DIFF_MISSING",
    message: expect.stringContaining("@supabase/pg-delta") as string,
    hint: expect.stringContaining("1.0.0-alpha.34") as string,
  });
});
