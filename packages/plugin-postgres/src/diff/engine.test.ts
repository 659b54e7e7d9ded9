import { expect, test, vi } from "vitest";
import { loadDiffEngine } from "./engine.js";

const library = vi.hoisted(() => ({ problem: "" }));
vi.mock("@supabase/pg-delta/extract", () => ({
  get extract(): never {
    throw new TypeError(library.problem);
  },
}));

test.for([
  ["Cannot find package '@supabase/pg-delta' imported from /app/index.js", "it is not installed."],
  ["Package subpath './extract' is not defined by \"exports\" in /app/package.json", "'./extract' is not defined"],
] as const)("where the library cannot be loaded the error says why, and names it and its version: %s", async ([problem, said]) => {
  library.problem = problem;
  await expect(loadDiffEngine()).rejects.toMatchObject({
    code: "POSTGRES_DIFF_MISSING",
    message: expect.stringMatching(new RegExp(`@supabase/pg-delta.*${said}`)) as string,
    hint: expect.stringContaining("1.0.0-alpha.34") as string,
  });
});
