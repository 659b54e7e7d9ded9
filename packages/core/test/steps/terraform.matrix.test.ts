import { matrixCases } from "@fairlead/test-support";
import { findLeaks } from "@fairlead/testing";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { appendFile, mkdir, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { inspect } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";
import { secret, type JsonObject, type StepDefinition } from "../../src/index.js";
import { terraform, type TerraformOptions } from "../../src/steps/index.js";
import { createCall, pinned, stepsOf } from "./support/set-up.js";
import { temporaryFolder, terraformPrograms, writeInfrastructure, type Infrastructure } from "./support/terraform-programs.js";

/** A folder of infrastructure, and the two steps that work on it. */
async function createScene(program: string, infrastructure: Infrastructure, options: Partial<TerraformOptions> = {}, secrets = {}) {
  const home = temporaryFolder();
  const folder = join(home, "infra");
  await mkdir(folder);
  const given = { folder, program, workFolder: join(home, "work"), lockTimeout: "1s", ...options } as const;
  const write = (next: Infrastructure) => writeInfrastructure(folder, next);
  await write(infrastructure);
  const [plan, apply] = (await stepsOf(terraform({ name: "infra", ...given }), secrets)) as [StepDefinition, StepDefinition];
  const make = async (call = createCall()) => (await plan.run(pinned(plan), call)) as JsonObject;
  const inputOf = (made: JsonObject): JsonObject => ({ ...pinned(apply), plan: made });
  const carryOut = async (made: JsonObject, call = createCall()) => (await apply.run(inputOf(made), call)) as JsonObject;
  const observe = (made: JsonObject) => apply.observe?.(inputOf(made), createCall());
  return { home, folder, write, plan, apply, make, inputOf, carryOut, observe };
}

vi.setConfig({ testTimeout: 180_000 });

const effect = (folder: string, what = "made") => `echo ${what} >> ${join(folder, "..", "effects")}`;
const effectsIn = (folder: string): readonly string[] => {
  const file = join(folder, "..", "effects");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};
const fileOf = (made: JsonObject): string => z.string().parse(made["file"]);
const plansIn = (home: string): readonly string[] =>
  readdirSync(join(home, "work"), { recursive: true })
    .map(String)
    .filter((name) => name.includes(".tfplan"));

describe.for(matrixCases(terraformPrograms, { sample: 1 }))("with $name", ({ program }) => {
  test("a plan is shown and journalled without values, and applied exactly", async () => {
    const scene = await createScene(
      program,
      { resources: { bucket: { input: "shop-assets" }, queue: {} }, outputs: { url: { value: "${terraform_data.bucket.input}" } } },
      { outputs: ["url"] },
    );
    const call = createCall();
    const made = await scene.make(call);
    expect(made).toMatchObject({
      hasChanges: true,
      add: 2,
      change: 0,
      destroy: 0,
      resources: [
        { address: "terraform_data.bucket", action: "create" },
        { address: "terraform_data.queue", action: "create" },
      ],
      outputs: ["url"],
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    });
    expect(JSON.stringify(made)).not.toContain("shop-assets");
    expect(call.lines).toEqual(expect.arrayContaining(["2 to add, 0 to change, 0 to destroy", "+ terraform_data.bucket"]));
    expect(statSync(fileOf(made)).mode & 0o077).toBe(0);

    const done = await scene.carryOut(made);
    expect(done).toMatchObject({ add: 2, outputs: { url: "shop-assets" }, state: { before: { serial: 0, lineage: "" } } });
    expect(plansIn(scene.home)).toEqual([]);
    expect(await scene.make()).toMatchObject({ hasChanges: false, add: 0, resources: [] });
  });

  test("the step that plans changes nothing", async () => {
    const scene = await createScene(program, { resources: { one: { does: "echo made >> ../effects" } } });
    await scene.make();
    await scene.make();
    expect(scene.plan.effect).toBe(false);
    expect(readdirSync(scene.folder).filter((name) => name.startsWith("terraform.tfstate"))).toEqual([]);
    expect(effectsIn(scene.folder)).toEqual([]);
  });

  test("variables, files of variables and secrets reach it, and no secret comes out", async () => {
    const token = "k3xQ-9vLm2-Zt7p";
    const scene = await createScene(
      program,
      {
        variables: { color: { type: "string" }, size: { type: "number" }, token: { type: "string" }, region: { type: "string" } },
        resources: { one: { input: ["${var.color}", "${var.size}", "${var.token}", "${var.region}"] } },
        outputs: {
          color: { value: "${var.color}" },
          size: { value: "${var.size}" },
          region: { value: "${var.region}" },
          token: { value: "${var.token}", sensitive: true },
        },
      },
      {
        variables: { color: "blue", size: 3, token: secret("TOKEN") },
        varFiles: ["eu.tfvars.json"],
        outputs: z.object({ color: z.literal("blue"), size: z.literal(3), region: z.literal("eu"), token: z.literal(token) }),
      },
      { TOKEN: token },
    );
    await appendFile(join(scene.folder, "eu.tfvars.json"), '{"region":"eu"}');
    const call = createCall();
    const made = await scene.make(call);
    const done = await scene.carryOut(made, call);
    expect(done).toMatchObject({ outputs: { color: "blue", size: 3, region: "eu" } });
    expect(done["outputs"]).not.toHaveProperty("token");
    expect(call.lines.join("\n")).toContain("[redacted:TOKEN]");
    const said = [made, done, call.lines, scene.plan.input, scene.apply.input, await scene.observe(made)].map((one) =>
      inspect(one, { depth: 9 }),
    );
    expect(await findLeaks({ canaries: [{ name: "TOKEN", value: token }], texts: said.map((text) => ({ source: "said", text })) })).toEqual(
      [],
    );
  });

  test("what would be destroyed or replaced is refused, by name, and done where it is allowed", async () => {
    const before = { resources: { kept: {}, gone: {}, other: { triggers: 1 } } };
    const after = { resources: { kept: {}, other: { triggers: 2 } } };
    const scene = await createScene(program, before);
    await scene.carryOut(await scene.make());
    await scene.write(after);
    await expect(scene.make()).rejects.toMatchObject({
      code: "TERRAFORM_DESTROYS",
      data: { addresses: ["terraform_data.gone", "terraform_data.other"] },
    });
    expect(plansIn(scene.home)).toEqual([]);

    const allowed = await createScene(program, before, { allowDestroy: true });
    await allowed.carryOut(await allowed.make());
    await allowed.write(after);
    const made = await allowed.make();
    expect(made).toMatchObject({ add: 1, destroy: 2 });
    await allowed.carryOut(made);
    expect(await allowed.make()).toMatchObject({ hasChanges: false });
  });

  test("a plan whose file was changed or is gone is not applied", async () => {
    const scene = await createScene(program, { resources: { one: {} } });
    const made = await scene.make();
    await appendFile(fileOf(made), "x");
    await expect(scene.carryOut(made)).rejects.toMatchObject({ code: "TERRAFORM_PLAN_CHANGED" });
    await rm(fileOf(made));
    await expect(scene.carryOut(made)).rejects.toMatchObject({ code: "TERRAFORM_PLAN_GONE" });
    expect(await scene.observe(made)).toEqual({ status: "absent" });
  });

  test("a plan that a deployment left behind is gone with the next one", async () => {
    const scene = await createScene(program, { resources: { one: {} } });
    await scene.make(createCall({ key: "dep_1/infra.plan" }));
    const made = await scene.make(createCall({ key: "dep_2/infra.plan" }));
    expect(plansIn(scene.home)).toEqual([relative(join(scene.home, "work"), fileOf(made))]);
  });

  test("a plan is not applied to a state that somebody else has changed since", async () => {
    const scene = await createScene(program, { resources: { one: {} } });
    const made = await scene.make(createCall({ key: "dep_1/infra.plan" }));
    await scene.write({ resources: { two: {} } });
    await scene.carryOut(await scene.make(createCall({ key: "dep_2/infra.plan" })));
    await scene.write({ resources: { one: {} } });
    await expect(scene.carryOut(made)).rejects.toMatchObject({ code: "TERRAFORM_STATE_MOVED", retryable: false });
    expect(await scene.observe(made)).toMatchObject({ status: "failed", reason: expect.stringContaining("something to change") as string });
  });

  test("files that have changed since the deployment was planned are refused", async () => {
    const scene = await createScene(program, { resources: { one: {} } });
    const input = pinned(scene.plan);
    await scene.write({ resources: { one: {}, two: {} } });
    await expect(scene.plan.run(input, createCall())).rejects.toMatchObject({ code: "TERRAFORM_FOLDER_CHANGED" });
    expect(await scene.make()).toMatchObject({ add: 2 });
  });

  test("outputs that are not as expected are named, without their values", async () => {
    const outputs = { port: { value: "eighty-eighty" } };
    const named = await createScene(program, { resources: { one: {} }, outputs }, { outputs: ["port", "url"] });
    await expect(named.carryOut(await named.make())).rejects.toMatchObject({
      code: "TERRAFORM_OUTPUTS_WRONG",
      data: { problems: ["there is no url"] },
    });
    const shaped = await createScene(program, { resources: { one: {} }, outputs }, { outputs: z.object({ port: z.number() }) });
    const error = await shaped.carryOut(await shaped.make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "TERRAFORM_OUTPUTS_WRONG", data: { problems: ["port does not fit"] } });
    expect(inspect(error)).not.toContain("eighty-eighty");
  });

  test("what it complains of is in the error", async () => {
    const scene = await createScene(program, { resources: { one: { input: "${var.nothing}" } } });
    await expect(scene.make()).rejects.toMatchObject({ code: "TERRAFORM_FAILED", message: expect.stringContaining("nothing") as string });
    const failing = await createScene(program, { resources: { one: { does: "echo no such zone; exit 1" } } });
    await expect(failing.carryOut(await failing.make())).rejects.toMatchObject({ code: "TERRAFORM_FAILED" });
  });

  test("each workspace has a state of its own", async () => {
    const home = temporaryFolder();
    await writeInfrastructure(home, { resources: { one: {} } });
    const inWorkspace = async (workspace: string) => {
      const options = { folder: home, program, workFolder: join(home, "..", `${home.split("/").at(-1) ?? ""}-work`), workspace };
      onTestFinished(() => rm(options.workFolder, { recursive: true, force: true }));
      const [plan, apply] = (await stepsOf(terraform(options))) as [StepDefinition, StepDefinition];
      const made = (await plan.run(pinned(plan), createCall())) as JsonObject;
      await apply.run({ ...pinned(apply), plan: made }, createCall());
      return made["add"];
    };
    expect([await inWorkspace("a"), await inWorkspace("b"), await inWorkspace("a")]).toEqual([1, 1, 0]);
  });

  test("a state that somebody else holds is an error that may pass, and says who", async () => {
    const scene = await createScene(program, { resources: { one: { does: "echo > ../holding; exec sleep 30" } } });
    const made = await scene.make();
    const abort = new AbortController();
    const holding = scene.carryOut(made, createCall({ signal: abort.signal }));
    holding.catch(() => undefined);
    await vi.waitFor(() => {
      expect(existsSync(join(scene.home, "holding"))).toBe(true);
    }, 90_000);
    await expect(scene.make(createCall({ key: "dep_2/infra.plan" }))).rejects.toMatchObject({
      code: "TERRAFORM_LOCKED",
      retryable: true,
      data: { lock: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, who: expect.stringContaining("@") as string },
    });
    abort.abort(new Error("enough"));
    await expect(holding).rejects.toThrow("enough");
  });

  test("one that is told to end keeps what it has made in the state", async () => {
    const scene = await createScene(program, {
      resources: { first: { does: effect("$PWD/x") }, second: { does: "echo > ../here; exec sleep 30", after: "first" } },
    });
    const made = await scene.make();
    const abort = new AbortController();
    const running = scene.carryOut(made, createCall({ signal: abort.signal }));
    running.catch(() => undefined);
    await vi.waitFor(() => {
      expect(existsSync(join(scene.home, "here"))).toBe(true);
    }, 90_000);
    abort.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(readFileSync(join(scene.folder, "terraform.tfstate"), "utf8")).toContain('"first"');
    expect(await scene.observe(made)).toMatchObject({ status: "failed" });
    const again = await createSceneOn(scene.folder, program);
    expect(await again()).toMatchObject({ resources: [{ address: "terraform_data.second", action: "replace" }] });
  });

  test("a rollback leaves what was applied, or applies the configuration before", async () => {
    const scene = await createScene(program, { resources: { one: {} } });
    expect(scene.apply.reversibility).toBe("leave");

    const home = temporaryFolder();
    const [now, previous] = [join(home, "now"), join(home, "previous")];
    await Promise.all([mkdir(now), mkdir(previous)]);
    const state = join(home, "shared.tfstate");
    await writeInfrastructure(previous, { resources: { kept: { input: "old" } }, state });
    const options = { program, workFolder: join(home, "work") };
    const stepsIn = async (folder: string) =>
      (await stepsOf(terraform({ ...options, folder, previous }))) as [StepDefinition, Extract<StepDefinition, { reversibility: "undo" }>];
    const applyIn = async (folder: string, key: string) => {
      const [plan, apply] = await stepsIn(folder);
      const made = (await plan.run(pinned(plan), createCall({ key }))) as JsonObject;
      const input = { ...pinned(apply), plan: made };
      return { input, apply, output: await apply.run(input, createCall({ key })) };
    };
    await applyIn(previous, "dep_1/plan");
    await writeInfrastructure(now, { resources: { kept: { input: "new" }, added: {} }, state });
    const { input, apply, output } = await applyIn(now, "dep_2/plan");
    const inputs = (): unknown =>
      Object.fromEntries(
        (
          JSON.parse(readFileSync(state, "utf8")) as { resources: { name: string; instances: { attributes: { input: unknown } }[] }[] }
        ).resources.map(({ name, instances }) => [name, JSON.stringify(instances[0]?.attributes.input).includes("new") ? "new" : "old"]),
      );
    expect(inputs()).toEqual({ added: "old", kept: "new" });
    for (let times = 0; times < 2; times += 1) {
      await apply.undo(input, { ...createCall(), output });
      expect(inputs()).toEqual({ kept: "old" });
    }
    expect(plansIn(home)).toEqual([]);
  });

  test("the way back destroys nothing but what this deployment has made", async () => {
    const home = temporaryFolder();
    const [now, previous] = [join(home, "now"), join(home, "previous")];
    await Promise.all([mkdir(now), mkdir(previous)]);
    const state = join(home, "shared.tfstate");
    const options = { folder: now, program, previous, workFolder: join(home, "work") };
    await writeInfrastructure(now, { resources: { one: { input: "1" } }, state });
    await writeInfrastructure(previous, { resources: {}, state });
    const run = async () => {
      const [plan, apply] = (await stepsOf(terraform(options))) as [StepDefinition, Extract<StepDefinition, { reversibility: "undo" }>];
      const input = { ...pinned(apply), plan: (await plan.run(pinned(plan), createCall())) as JsonObject };
      await apply.run(input, createCall());
      return () => apply.undo(input, { ...createCall(), output: undefined });
    };
    await run();
    await writeInfrastructure(now, { resources: { one: { input: "2" } }, state });
    const undo = await run();
    await expect(undo()).rejects.toMatchObject({ code: "TERRAFORM_DESTROYS", data: { addresses: ["terraform_data.one"] } });
  });
});

/** Plans anew in a folder, allowing everything. */
async function createSceneOn(folder: string, program: string) {
  const [plan] = await stepsOf(terraform({ folder, program, allowDestroy: true, workFolder: join(folder, "..", "work-again") }));
  return () => plan?.run(pinned(plan), createCall());
}

test("a folder that is not there is told when the deployment is planned", async () => {
  const [plan] = await stepsOf(terraform({ folder: "/nowhere/at/all" }));
  expect(() => plan?.input).toThrow(expect.objectContaining({ code: "TERRAFORM_FOLDER_UNREADABLE" }));
});

test("a program is found in PATH, by either name, and at a path from where the deployment is started", async () => {
  const [{ program } = expect.fail("no program")] = terraformPrograms;
  const infrastructure = { resources: { one: {} } };
  expect(await (await createScene(relative(process.cwd(), program), infrastructure)).make()).toMatchObject({ add: 1 });

  const bin = temporaryFolder();
  await symlink(program, join(bin, "tofu"));
  vi.stubEnv("PATH", `${bin}:/bin`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const scene = await createScene("tofu", infrastructure, { program: undefined } as never);
  expect(await scene.make()).toMatchObject({ add: 1 });
});

test("a program that is not there is told", async () => {
  const scene = await createScene("no-such-terraform", { resources: { one: {} } });
  await expect(scene.make()).rejects.toMatchObject({ code: "PROGRAM_NOT_FOUND" });
});
