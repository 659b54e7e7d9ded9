import { matrixCases } from "@fairlead/test-support";
import { stepsSuite } from "@fairlead/testing/conformance";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";
import { secret, type StepDefinition } from "../../src/index.js";
import { terraform } from "../../src/steps/index.js";
import { pinned, stepsOf } from "./support/set-up.js";
import { terraformPrograms, writeInfrastructure } from "./support/terraform-programs.js";

const token = "k3xQ-9vLm2-Zt7p";

/** The step that applies, with what the plan of the same deployment has made; effects are counted by what is done at the place. */
async function createFixture(program: string) {
  const home = await mkdtemp(join(tmpdir(), "terraform-conformance-"));
  const folder = join(home, "infra");
  await mkdir(folder);
  await writeInfrastructure(folder, {
    variables: { token: { type: "string" } },
    resources: { one: { input: "${var.token}", does: "echo made >> ../effects" } },
    outputs: { name: { value: "one" }, token: { value: "${var.token}", sensitive: true } },
  });
  const made = new Map<string, unknown>();
  const again = async (): Promise<readonly StepDefinition[]> => {
    const [plan, apply] = (await stepsOf(
      terraform({
        name: "infra",
        folder,
        program,
        workFolder: join(home, "work"),
        variables: { token: secret("TOKEN") },
        outputs: ["name"],
      }),
      { TOKEN: token },
    )) as [StepDefinition, StepDefinition];
    const inputFor = async (call: Parameters<StepDefinition["run"]>[1]) => {
      // A deployment plans once, and its journal knows the outcome whoever goes on with it.
      const known = made.get(call.idempotencyKey) ?? (await plan.run(pinned(plan), call));
      made.set(call.idempotencyKey, known);
      return { ...pinned(apply), plan: known } as Parameters<StepDefinition["run"]>[0];
    };
    const { run, observe } = apply;
    return [
      {
        ...apply,
        run: async (_, call) => run(await inputFor(call), call),
        observe: async (_, call) => observe?.(await inputFor(call), call) ?? { status: "absent" },
      },
    ];
  };
  return {
    steps: await again(),
    again,
    secrets: [token],
    witness: {
      effects: () => (existsSync(join(home, "effects")) ? readFileSync(join(home, "effects"), "utf8").trim().split("\n").length : 0),
    },
    dispose: () => rm(home, { recursive: true }),
  };
}

describe.for(matrixCases(terraformPrograms, { sample: 1 }))("applying with $name", ({ program }) => {
  stepsSuite({ test, describe }, { create: () => createFixture(program), patience: "60s" });
});
