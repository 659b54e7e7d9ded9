import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("a conformance suite runs under Node's own test runner as well", async () => {
  const flags = ["--conditions=@fairlead/source", `--import=${new URL("../src/emulators/run-from-source.mjs", import.meta.url).href}`];
  const script = fileURLToPath(new URL("./conformance-node-test.mjs", import.meta.url));
  // Not as part of this run: Node would report to the one who started it.
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--test-reporter=tap", script], { env: environment });
  expect(stdout).toContain("# Subtest: of a hundred who want one claim one gets it");
  expect(stdout).toMatch(/^# pass (9\d|\d{3,})$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
