import { matrixCases, sourceFlags } from "@fairlead/test-support";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { temporaryFolder, terraformPrograms, writeInfrastructure, type Infrastructure } from "./support/terraform-programs.js";

const script = fileURLToPath(new URL("support/deploy-with-terraform.ts", import.meta.url));
const run = promisify(execFile);

async function createFolder(resources: Infrastructure["resources"]): Promise<string> {
  const home = temporaryFolder();
  await mkdir(join(home, "infra"));
  await writeInfrastructure(join(home, "infra"), { resources, outputs: { name: { value: "one" } } });
  return home;
}

const perform = async (what: string, home: string, ...rest: readonly string[]): Promise<string> =>
  (await run(process.execPath, [...sourceFlags, script, what, home, ...rest])).stdout.trim();

const linesIn = (home: string): readonly string[] =>
  existsSync(join(home, "effects")) ? readFileSync(join(home, "effects"), "utf8").trim().split("\n") : [];

/** Deploys in a process that is killed when a file appears. */
async function killed(home: string, program: string, file: string): Promise<void> {
  const deploying = spawn(process.execPath, [...sourceFlags, script, "deploy", home, program], { stdio: "inherit" });
  await vi.waitFor(() => {
    expect(existsSync(join(home, file))).toBe(true);
  }, 90_000);
  deploying.kill("SIGKILL");
  await once(deploying, "exit");
}

/** The program, but that it waits for ever, before or after it has done it, the first time that it is called with words that match. */
async function waitingAt(
  words: string,
  { home, program, after = false }: { readonly home: string; readonly program: string; readonly after?: boolean },
) {
  const wrapper = join(home, "terraform");
  const act = after ? `'${program}' "$@"; ` : "";
  const wait = `case "$*" in ${words}) [ -e '${home}/here' ] || { ${act}echo > '${home}/here'; exec sleep 30; } ;; esac`;
  await writeFile(wrapper, `#!/bin/sh\n${wait}\nexec '${program}' "$@"\n`, { mode: 0o755 });
  return wrapper;
}

/** What stands in the shared state, by name. */
function stateIn(home: string): Readonly<Record<string, unknown>> {
  const { resources } = JSON.parse(readFileSync(join(home, "shared.tfstate"), "utf8")) as {
    readonly resources: readonly {
      readonly name: string;
      readonly instances: readonly { readonly attributes: { readonly input: unknown } }[];
    }[];
  };
  return Object.fromEntries(
    resources.map(({ name, instances }) => [name, JSON.stringify(instances[0]?.attributes.input).includes("new") ? "new" : "old"]),
  );
}

describe.for(matrixCases(terraformPrograms, { sample: 1 }))("with $name", ({ program }) => {
  test("a deployment that is killed while it applies is taken back, loses nothing that was made, and the next one finishes it", async () => {
    const home = await createFolder({
      first: { does: "echo first >> ../effects" },
      second: { does: "echo > ../here; [ -e ../again ] || exec sleep 30; echo second >> ../effects", after: "first" },
    });
    await killed(home, program, "here");
    expect(await perform("recover", home, program)).toBe("rolled_back");
    expect(linesIn(home)).toEqual(["first"]);
    expect(readFileSync(join(home, "infra/terraform.tfstate"), "utf8")).toContain('"first"');

    // What was cut off in the middle is to be made anew, which counts as destroying it.
    await writeFile(join(home, "again"), "");
    await expect(perform("deploy", home, program)).resolves.toBe("failed");
    expect(await perform("deploy", home, program, "allow")).toBe("succeeded");
    expect(linesIn(home)).toEqual(["first", "second"]);
  });

  test("one that is killed when all is applied finds that out, and applies nothing twice", async () => {
    // Whoever asks for the outputs comes behind the end of the application, and before that of the step.
    const home = await createFolder({ only: { does: "echo only >> ../effects" } });
    const wrapper = await waitingAt("output*", { home, program });
    await killed(home, wrapper, "here");
    expect(await perform("recover", home, wrapper)).toBe("succeeded");
    expect(linesIn(home)).toEqual(["only"]);
  });

  test.for(["before", "after"] as const)("one that is killed %s it went back to the configuration before goes back", async (moment) => {
    const home = temporaryFolder();
    const write = async (folder: string, resources: Infrastructure["resources"]): Promise<void> => {
      await mkdir(join(home, folder), { recursive: true });
      await writeInfrastructure(join(home, folder), {
        resources,
        outputs: { name: { value: "one" } },
        state: join(home, "shared.tfstate"),
      });
    };
    await write("infra", { kept: { input: "old" } });
    expect(await perform("deploy", home, program)).toBe("succeeded");

    await write("previous", { kept: { input: "old" } });
    await write("infra", { kept: { input: "new" }, added: { input: "new" } });
    await writeFile(join(home, "fail"), "");
    const wrapper = await waitingAt("apply*.back", { home, program, after: moment === "after" });
    await killed(home, wrapper, "here");
    expect(stateIn(home)).toEqual(moment === "after" ? { kept: "old" } : { kept: "new", added: "new" });
    expect(await perform("recover", home, wrapper)).toBe("rolled_back");
    expect(stateIn(home)).toEqual({ kept: "old" });
  });

  test("one that is killed while it plans plans again", async () => {
    const home = await createFolder({ only: { does: "echo only >> ../effects" } });
    const wrapper = await waitingAt("plan*", { home, program });
    await killed(home, wrapper, "here");
    expect(await perform("recover", home, wrapper)).toBe("succeeded");
    expect(linesIn(home)).toEqual(["only"]);
  });
});
