import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, directory, isFairleadError, memoryStore, type Plan } from "../../src/index.js";
import { targetInMemory } from "./scene.js";

const run = promisify(execFile);

/** A folder away from the one where the tests run. */
async function createFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "fairlead-provenance-")));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function commitAll(folder: string): Promise<string> {
  const git = async (...parameters: string[]): Promise<string> =>
    (await run("git", ["-C", folder, "-c", "user.name=ada", "-c", "user.email=ada@shop.example", ...parameters])).stdout.trim();
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=first");
  return git("rev-parse", "HEAD");
}

async function planOf(folders: Readonly<Record<string, string>>, { allowDirty = false } = {}): Promise<Plan> {
  const fake = definePlugin({
    id: "fake",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => ({ target: targetInMemory([]) }),
  });
  await using deployer = createDeployer({
    application: "shop",
    store: { ...memoryStore(), shared: true },
    plugins: [fake()],
    environments: {
      production: {
        components: Object.fromEntries(
          Object.entries(folders).map(([name, path]) => [name, { target: "fake" as const, source: directory(path) }]),
        ),
        allowDirty,
      },
    },
  });
  return await deployer.plan({ environment: "production" });
}

async function refusalOf(folders: Readonly<Record<string, string>>): Promise<unknown> {
  return planOf(folders).then(
    () => "accepted",
    (error: unknown) => error,
  );
}

const files = { "dist/index.html": "1", "src/page.ts": "1", ".gitignore": "dist/\nnode_modules/\n" };

test("a release is of the commit of its sources, wherever it is deployed from", async () => {
  const folder = await createFolder(files);
  const commit = await commitAll(folder);
  const { release } = await planOf({ web: join(folder, "dist") });
  expect(release.provenance).toEqual({ commit, branch: "main", message: "first", dirty: false });
});

test("the message is that of the commit, also where git is told to show who has signed it", async () => {
  const folder = await createFolder(files);
  await commitAll(folder);
  const git = async (...parameters: string[]): Promise<string> => (await run("git", ["-C", folder, ...parameters])).stdout.trimEnd();
  await git("config", "log.showSignature", "true");
  const signature = "gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----\n\n";
  const signed = join(folder, "dist", "signed");
  await writeFile(signed, `${await git("cat-file", "commit", "HEAD")}\n`.replace("\n\n", `\n${signature}`));
  await git("reset", "--quiet", await git("hash-object", "-t", "commit", "-w", signed));
  expect((await planOf({ web: join(folder, "dist") })).release.provenance).toMatchObject({ message: "first" });
});

test.for<readonly [string, string, string]>([
  ["has changed", "src/page.ts", "src/page.ts"],
  ["was never added", "src/new.ts", "src/new.ts"],
])("production refuses sources of which a file %s", async ([, file, named]) => {
  const folder = await createFolder(files);
  await commitAll(folder);
  await writeFile(join(folder, file), "2");
  expect(await refusalOf({ web: join(folder, "dist") })).toMatchObject({ code: "SOURCE_DIRTY", data: { files: [named] } });
  expect((await planOf({ web: join(folder, "dist") }, { allowDirty: true })).release.provenance).toMatchObject({ dirty: true });
});

test("what is ignored, and what Fairlead keeps beside the sources, is no difference", async () => {
  const folder = await createFolder(files);
  await commitAll(folder);
  for (const name of ["node_modules/lib.js", ".fairlead/journal.db", "apps/.fairlead/journal.db"]) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), "x");
  }
  expect((await planOf({ web: join(folder, "dist") })).release.provenance).toMatchObject({ dirty: false });
});

test("each component's sources are looked at", async () => {
  const [web, api] = [await createFolder(files), await createFolder(files)];
  await Promise.all([web, api].map(commitAll));
  await writeFile(join(api, "src/page.ts"), "2");
  expect(await refusalOf({ web: join(web, "dist"), api: join(api, "dist") })).toMatchObject({
    code: "SOURCE_DIRTY",
    data: { files: [join(api, "src/page.ts")] },
  });
});

test("a repository without a commit has no file that is committed", async () => {
  const folder = await createFolder(files);
  await run("git", ["-C", folder, "init", "--quiet"]);
  expect(await refusalOf({ web: join(folder, "dist") })).toMatchObject({ code: "SOURCE_DIRTY" });
});

test("a folder in no repository has nothing to differ from", async () => {
  const folder = await createFolder({ "index.html": "1" });
  expect((await planOf({ web: folder })).release.provenance).toEqual({});
});

test("where git does not answer production is refused with what it says, and others are deployed", async () => {
  const folder = await createFolder(files);
  await commitAll(folder);
  await writeFile(join(folder, ".git/HEAD"), "nonsense");
  const refusal = await refusalOf({ web: join(folder, "dist") });
  expect(refusal).toMatchObject({ code: "SOURCE_UNCHECKED", data: { repository: folder, problem: expect.stringContaining("git") } });
  expect((await planOf({ web: join(folder, "dist") }, { allowDirty: true })).release.provenance).toEqual({});
});

test.skipIf(process.getuid?.() !== 0)("a repository of somebody else is refused with the command that trusts it", async () => {
  const folder = await createFolder(files);
  await commitAll(folder);
  await run("chown", ["-R", "12345", folder]);
  await chmod(folder, 0o755);
  const refusal = await refusalOf({ web: join(folder, "dist") });
  await rm(folder, { recursive: true });
  expect(isFairleadError(refusal, "SOURCE_UNCHECKED") && refusal.hint).toBe(
    `Let git trust it: \`git config --global --add safe.directory ${folder}\`.`,
  );
});
