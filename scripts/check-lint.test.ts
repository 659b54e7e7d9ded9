import { join } from "node:path";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

const eslint = new ESLint({ cwd: join(import.meta.dirname, "..") });

/** The rules that a file of a library breaks if this is its content. */
async function rulesBrokenBy(content: string): Promise<readonly (string | null)[]> {
  const filePath = join(import.meta.dirname, "../packages/plugin-docker/src/index.ts");
  const [result] = await eslint.lintText(`${content}\n`, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

test.each([
  ["a named import of zod", `import { z } from "zod";\nexport const schema: z.ZodType = z.string();`, "no-restricted-syntax"],
  ["a bare error", `export function refuse(): never {\n  throw new Error("no");\n}`, "no-restricted-syntax"],
  ["a default export", `export default 1;`, "no-restricted-syntax"],
  ["reading the environment", `export const home = process.env["HOME"];`, "no-restricted-properties"],
  ["reading the arguments", `export const first = process.argv[2];`, "no-restricted-properties"],
  ["ending the process", `export const end = (): never => process.exit(0);`, "no-restricted-properties"],
  ["a time-out whose timer lets the process end", `export const signal = AbortSignal.timeout(1000);`, "no-restricted-properties"],
  ["the wall clock", `export const now = Date.now();`, "no-restricted-properties"],
  ["a timer", `export const timer = setTimeout(() => undefined, 1000);`, "no-restricted-globals"],
  ["printing", `console.log("hello");\nexport {};`, "no-console"],
  [
    "a promise that nobody waits for",
    `export function start(): void {\n  Promise.resolve(1);\n}`,
    "@typescript-eslint/no-floating-promises",
  ],
  ["any", `export const anything: any = 1;`, "@typescript-eslint/no-explicit-any"],
  [
    "a switch that forgets a case",
    `export function name(side: "left" | "right"): string {\n  switch (side) {\n    case "left":\n      return "l";\n  }\n  return "?";\n}`,
    "@typescript-eslint/switch-exhaustiveness-check",
  ],
])("lint refuses %s", async (_, content, rule) => {
  expect(await rulesBrokenBy(content)).toContain(rule);
});

test("lint accepts zod by its namespace", async () => {
  expect(await rulesBrokenBy(`import * as z from "zod";\n\nexport const schema: z.ZodType<string> = z.string();`)).toEqual([]);
});
