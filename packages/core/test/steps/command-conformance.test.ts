import { stepsSuite } from "@fairlead/testing/conformance";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { secret } from "../../src/index.js";
import { command, type CommandLine } from "../../src/steps/index.js";
import { stepsOf } from "./support/set-up.js";

const token = "k3xQ-9vLm2-Zt7p";
const place = join(import.meta.dirname, "support/place.mjs");

/** A command that has its effect in a folder of its own. */
async function createFixture(kind: "natural" | "keyed" | "none") {
  const folder = await mkdtemp(join(tmpdir(), "command-"));
  const line = (what: string): CommandLine => [process.execPath, place, what, kind, folder];
  const options = {
    stage: "provision",
    run: line("do"),
    env: { TOKEN: secret("TOKEN") },
    successCodes: [0],
    retryCodes: [75],
    grace: "1s",
    reversibility: "undo",
    undo: line("undo"),
    observe: line("observe"),
    idempotency: kind,
  } as const;
  const again = () => stepsOf(command(options), { TOKEN: token });
  const enter = (mode: string) => () => writeFile(join(folder, "mode"), mode);
  return {
    steps: await again(),
    again,
    trouble: { lossy: enter("lossy"), silent: enter("silent"), over: enter("answers") },
    secrets: [token],
    witness: { effects: () => (existsSync(join(folder, "deeds")) ? readdirSync(join(folder, "deeds")).length : 0) },
    dispose: () => rm(folder, { recursive: true }),
  };
}

describe.for(["natural", "keyed", "none"] as const)("a command that is %s", (kind) => {
  stepsSuite({ test, describe }, { create: () => createFixture(kind), patience: "60s" });
});
