import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, directory, image, isSecretReference, secret, type Deployer, type Sources } from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { createBrowser, seen } from "../http/support/page-browser.js";
import { targetInMemory } from "./scene.js";

const run = promisify(execFile);
const environment = "development";
const canary = "zk3-canary-of-the-till";
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fairlead-commits-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A repository of its own, and a deployer whose release is its folder `web`. */
async function shop(name: string, { isNamed = false } = {}) {
  const folder = join(root, name);
  const git = async (...parameters: string[]): Promise<string> =>
    (await run("git", ["-C", folder, "-c", "user.name=Ada Lead", "-c", "user.email=ada@shop.example", ...parameters])).stdout.trim();
  await mkdir(join(folder, "web"), { recursive: true });
  await git("init", "--quiet", "--initial-branch=main");
  const commit = async (subject: string): Promise<string> => {
    await writeFile(join(folder, "web", "index.html"), subject);
    await git("add", "--all");
    await git("commit", "--quiet", `--message=${subject}`);
    return git("rev-parse", "HEAD");
  };
  const plugin = definePlugin({
    ...{ id: "host", provides: ["target"], options: z.strictObject({ token: z.custom<ReturnType<typeof secret>>(isSecretReference) }) },
    setup: () => ({ target: targetInMemory([]) }),
  });
  const deployer: Deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    secrets: { resolve: () => Promise.resolve({ TOKEN: { value: canary } }) },
    plugins: [plugin({ token: secret("TOKEN") })],
    ...(isNamed ? { repository: join(folder, "web") } : {}),
    environments: { [environment]: { target: "host", source: directory(join(folder, "web")), timeouts: { settle: "0s" } } },
  });
  const deploy = async (source?: Sources) => {
    const deployment = await deployer.deploy({ environment, ...(source === undefined ? {} : { source }) });
    expect(await deployment.result()).toMatchObject({ phase: "succeeded" });
    return { id: deployment.id, commits: (await deployer.changes({ deploymentId: deployment.id })).commits };
  };
  return { folder, git, commit, deployer, deploy, read: async (path: string) => seen(await createBrowser(deployer).read(path)) };
}

const subjects = (list: { readonly listed: readonly { readonly subject: string }[] } | undefined) =>
  list?.listed.map(({ subject }) => subject);

describe("the commits between two releases", () => {
  test("are recorded with the deployment, the newest first, and are on its page when the repository is gone", async () => {
    const { folder, commit, deployer, deploy, read } = await shop("recorded");
    await using _ = deployer;
    await commit("sell tea");
    expect((await deploy()).commits.between).toBeNull();
    await commit("sell <b>milk</b>");
    const newest = await commit("sell coal");
    const { id, commits } = await deploy();
    expect(commits.to).toBe(newest);
    expect(commits.between).toEqual({
      added: {
        listed: [
          { commit: newest, author: "Ada Lead", subject: "sell coal" },
          { commit: expect.stringMatching(/^[0-9a-f]{40}$/), author: "Ada Lead", subject: "sell <b>milk</b>" },
        ],
        more: 0,
      },
      dropped: { listed: [], more: 0 },
    });
    await rm(folder, { recursive: true, force: true });
    const page = await read(`/deployments/${id}`);
    expect(page).toContain("sell coal");
    expect(page).toContain(newest.slice(0, 7));
    expect(page).not.toContain("Left out");
    // The way back leaves out what came with it.
    expect(await read(`/deployments/rollback?environment=${environment}`)).toMatch(/Left out[^]*sell coal/);
  });

  test("say what a release leaves out that served before: of another branch, or after a history was written anew", async () => {
    const { git, commit, deployer, deploy } = await shop("anew");
    await using _ = deployer;
    await commit("sell tea");
    await deploy();
    await commit("mend the till");
    await deploy();
    await git("reset", "--quiet", "--hard", "HEAD~1");
    await commit("sell coal");
    const { between } = (await deploy()).commits;
    expect([subjects(between?.added), subjects(between?.dropped)]).toEqual([["sell coal"], ["mend the till"]]);
  });

  test("are so many; of the others there is the number", async () => {
    const { git, commit, deployer, deploy } = await shop("many");
    await using _ = deployer;
    await commit("first");
    await deploy();
    for (let count = 1; count <= 33; count += 1) await git("commit", "--quiet", "--allow-empty", `--message=${String(count)}`);
    await commit("x".repeat(400));
    const { between } = (await deploy()).commits;
    expect([between?.added.listed.length, between?.added.more]).toEqual([30, 4]);
    expect(subjects(between?.added)?.slice(0, 2)).toEqual(["(400 characters)", "33"]);
  });

  test("are those of the repository that is named, where releases are made of images", async () => {
    const { commit, deployer, deploy } = await shop("images", { isNamed: true });
    await using _ = deployer;
    const first = await commit("sell tea");
    expect((await deploy(image("shop:1"))).commits.to).toBe(first);
    await commit("sell milk");
    const { commits } = await deploy(image("shop:2"));
    expect([commits.from, subjects(commits.between?.added)]).toEqual([first, ["sell milk"]]);

    // What somebody asks for is of the commit that they name, or of none that is known.
    const third = await commit("sell coal");
    await commit("sell nothing");
    const wish = { kind: "deploy", environment, actor: { name: "ada", via: "api" } } as const;
    const asked = await deployer.request({ ...wish, source: image("shop:3"), commit: third });
    await deployer.work({ untilIdle: true });
    const { commits: named } = await deployer.changes({ deploymentId: asked.id });
    expect([named.to, subjects(named.between?.added)]).toEqual([third, ["sell coal"]]);
    const unnamed = await deployer.request({ ...wish, source: image("shop:4") });
    await deployer.work({ untilIdle: true });
    expect((await deployer.changes({ deploymentId: unnamed.id })).commits).toEqual({ from: third, to: null, between: null });
  });

  test("stay as they were recorded while a deployment waits, and are asked for anew when something else serves by then", async () => {
    const { folder, commit, deployer, deploy } = await shop("waiting");
    await using _ = deployer;
    await commit("sell tea");
    await deploy();
    await commit(`sell ${canary}`);
    await deployer.freeze({ environment, reason: "stock-taking" });
    const waiting = await deployer.deploy({ environment });
    await rm(join(folder, ".git"), { recursive: true, force: true });
    await deployer.unfreeze({ environment });
    expect(await waiting.result()).toMatchObject({ phase: "succeeded" });
    expect(subjects((await deployer.changes({ deploymentId: waiting.id })).commits.between?.added)).toEqual(["sell [redacted:TOKEN]"]);
    const events = [];
    for await (const { type } of waiting.events()) events.push(type);
    expect(events).not.toContain("plan.renewed");
  });

  test("hold no secret that somebody has written into a message", async () => {
    const { commit, deployer, deploy } = await shop("secret");
    await using _ = deployer;
    await commit("first");
    await deploy();
    await commit(`use ${canary} at the till`);
    const { id, commits } = await deploy();
    expect(subjects(commits.between?.added)).toEqual(["use [redacted:TOKEN] at the till"]);
    let journal = "";
    for await (const line of await deployer.exportJournal()) journal += line;
    expect([journal.includes(id), journal.includes(canary)]).toEqual([true, false]);
  });

  test("are not known where one of the two is not there: a shallow clone, images, no repository", async () => {
    const { folder, git, commit, deployer, deploy } = await shop("unknown");
    await using _ = deployer;
    await commit("first");
    await deploy();
    await commit("second");
    await commit("third");
    const shallow = join(root, "shallow");
    await run("git", ["clone", "--quiet", "--depth=1", `file://${folder}`, shallow]);
    const { commits } = await deploy(directory(join(shallow, "web")));
    expect(commits).toMatchObject({ to: await git("rev-parse", "HEAD"), between: null });
    expect((await deploy(image("shop:2"))).commits.between).toBeNull();
  });

  test("are not known where what both have is cut off on one side of a merge, and are in other shallow clones", async () => {
    const { folder, git, commit, deployer, deploy } = await shop("cut");
    await using _ = deployer;
    const more = (subject: string) => git("commit", "--quiet", "--allow-empty", `--message=${subject}`);
    const planOfClone = async (name: string) => {
      await run("git", ["clone", "--quiet", "--depth=4", `file://${folder}`, join(root, name)]);
      return (await deployer.plan({ environment, source: directory(join(root, name, "web")) })).commits;
    };
    await commit("first");
    await git("branch", "side");
    for (let count = 1; count <= 9; count += 1) await more(String(count));
    await deploy();
    await more("behind");
    expect(subjects((await planOfClone("straight"))?.added)).toEqual(["behind"]);
    await git("checkout", "--quiet", "side");
    await more("beside");
    await git("checkout", "--quiet", "main");
    await git("merge", "--quiet", "--no-ff", "--message=both", "side");
    expect(subjects((await deployer.plan({ environment })).commits?.added)?.toSorted()).toEqual(["behind", "beside", "both"]);
    expect(await planOfClone("merged")).toBeUndefined();
  });

  test("are asked of what is here: a partial clone fetches nothing for them", async () => {
    const { folder, git, commit, deployer, deploy } = await shop("partial");
    await using _ = deployer;
    await git("config", "uploadpack.allowFilter", "true");
    await git("config", "uploadpack.allowAnySHA1InWant", "true");
    await commit("first");
    const clone = join(root, "partial-clone");
    await run("git", ["clone", "--quiet", "--filter=blob:none", `file://${folder}`, clone]);
    const newer = await commit("newer");
    await deploy();
    expect((await deployer.plan({ environment, source: directory(join(clone, "web")) })).commits).toBeUndefined();
    const isThere = run("git", ["-C", clone, "-c", "protocol.allow=never", "cat-file", "-e", newer]).then(() => true);
    expect(await isThere.catch(() => false)).toBe(false);
  });
});
