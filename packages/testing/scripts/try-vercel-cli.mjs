// Tries the real `vercel` command line against the emulator: deploy, list, inspect, promote, rollback, and what it says when they fail.
// It weighs 360 MB, so it is installed into a temporary folder and no part of `npm test`. `--cli <folder>` uses one that is installed already.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { startVercelEmulator } from "@fairlead/testing/emulators";

const version = "64.0.2";
const run = promisify(execFile);
const { values } = parseArgs({ options: { cli: { type: "string" } } });
const work = await mkdtemp(join(tmpdir(), "try-vercel-cli-"));
let failures = 0;

function check(name, ok, details) {
  console.log(`${ok ? "pass" : "FAIL"}  ${name}`);
  if (ok) return;
  failures += 1;
  console.log(details);
}

async function installCli() {
  if (values.cli !== undefined) return values.cli;
  const folder = join(work, "cli");
  await mkdir(folder);
  // The command line pins a version of `sandbox` that not every registry has; nothing here uses it.
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, overrides: { sandbox: "^4.0.0" } }));
  console.log(`installing vercel@${version} into ${folder}`);
  await run("npm", ["install", `vercel@${version}`, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  return folder;
}

try {
  const cli = join(await installCli(), "node_modules/vercel/dist/index.js");
  await using emulator = await startVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example"] }],
    settings: { build: "300ms", move: "500ms" },
  });
  const [project] = (await emulator.state()).projects;
  const site = join(work, "shop");
  await mkdir(join(site, ".vercel"), { recursive: true });
  await writeFile(
    join(site, ".vercel/project.json"),
    JSON.stringify({ projectId: project.id, orgId: emulator.teamId, projectName: "shop" }),
  );
  const writeSite = async (text) => {
    await writeFile(join(site, "index.html"), `<h1>${text}</h1>`);
    await writeFile(join(site, "app.js"), `console.log(${JSON.stringify(text)})`);
  };
  const vercel = async (...given) => {
    const flags = [
      "--api",
      emulator.url,
      "--token",
      emulator.token,
      "--global-config",
      join(work, "config"),
      "--cwd",
      site,
      "--non-interactive",
    ];
    const environment = {
      PATH: process.env.PATH,
      HOME: work,
      CI: "1",
      VERCEL_TELEMETRY_DISABLED: "1",
      NO_COLOR: "1",
      NO_UPDATE_NOTIFIER: "1",
    };
    const options = { env: environment, timeout: 60_000 };
    const result = await run(process.execPath, [cli, ...given, ...flags], options).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error) => ({ code: error.code ?? -1, stdout: error.stdout, stderr: error.stderr }),
    );
    return { ...result, all: `${result.stdout}\n${result.stderr}` };
  };
  const served = async () => (await emulator.fetch("https://shop.example/")).text();
  const production = async () => (await emulator.state()).projects[0].productionDeploymentId;
  const idOf = async (url) => (await emulator.state()).deployments.find((one) => url.includes(one.url))?.id;

  const who = await vercel("whoami");
  check("whoami", who.code === 0 && who.all.includes("deployer"), who.all);

  await writeSite("one");
  const first = await vercel("deploy", "--prod", "--yes");
  const firstId = await idOf(first.stdout);
  check(
    "deploy --prod uploads, builds and serves production",
    first.code === 0 && (await production()) === firstId && (await served()) === "<h1>one</h1>",
    first.all,
  );

  await writeSite("two");
  const second = await vercel("deploy", "--prod", "--yes", "--skip-domain", "--meta", "fairleadRelease=two");
  const secondId = await idOf(second.stdout);
  check(
    "deploy --prod --skip-domain stages without serving",
    second.code === 0 && secondId !== undefined && (await served()) === "<h1>one</h1>",
    second.all,
  );

  const list = await vercel("list", "shop", "--yes");
  check("list shows both", list.code === 0 && (await emulator.state()).deployments.every(({ url }) => list.all.includes(url)), list.all);

  const filtered = await vercel("list", "shop", "--yes", "--meta", "fairleadRelease=two");
  const [one, two] = (await emulator.state()).deployments;
  check("list --meta finds one", filtered.code === 0 && filtered.all.includes(two.url) && !filtered.all.includes(one.url), filtered.all);

  const inspected = await vercel("inspect", two.url);
  check("inspect", inspected.code === 0 && inspected.all.includes(secondId) && /ready/i.test(inspected.all), inspected.all);

  const logs = await vercel("inspect", two.url, "--logs");
  check("inspect --logs", logs.code === 0 && logs.all.includes("Running build"), logs.all);

  const promoted = await vercel("promote", two.url, "--yes");
  check(
    "promote waits until the traffic moved",
    promoted.code === 0 && (await production()) === secondId && (await served()) === "<h1>two</h1>",
    promoted.all,
  );

  const again = await vercel("promote", two.url, "--yes");
  check(
    "promote of what serves already is refused with 409",
    again.code === 1 && again.all.includes("is already the current production deployment"),
    again.all,
  );

  const back = await vercel("rollback", one.url, "--yes");
  const state = (await emulator.state()).projects[0];
  check(
    "rollback waits and pins",
    back.code === 0 && state.productionDeploymentId === firstId && (await served()) === "<h1>one</h1>" && !state.autoAssignCustomDomains,
    back.all,
  );

  const status = await vercel("rollback", "status");
  check("rollback status", status.code === 0 && /rollback/i.test(status.all), status.all);

  await writeSite("three");
  const pinned = await vercel("deploy", "--prod", "--yes");
  check("a deployment after a rollback serves nobody", pinned.code === 0 && (await served()) === "<h1>one</h1>", pinned.all);

  const aliases = await vercel("alias", "list");
  check("alias list", aliases.code === 0 && aliases.all.includes("shop.example"), aliases.all);

  await emulator.configure({ moveOutcome: "failed" });
  const failed = await vercel("promote", (await emulator.state()).deployments[2].url, "--yes");
  check(
    "a failed promotion ends with exit code 1 and names the domains",
    failed.code === 1 && failed.all.includes("shop.example"),
    failed.all,
  );

  await emulator.configure({ buildOutcome: "ERROR" });
  await writeSite("broken");
  const broken = await vercel("deploy", "--prod", "--yes");
  check("a failed build ends with exit code 1", broken.code === 1, broken.all);

  await emulator.configure({ buildOutcome: "READY" });
  await emulator.fault({ kind: "status", status: 429, retryAfter: 1, match: { operation: "deployment.create" } });
  await writeSite("limited");
  const limited = await vercel("deploy", "--yes");
  check("a rate limit is told as one", limited.code === 1 && /429|rate|limit/i.test(limited.all), limited.all);

  const removed = await vercel("remove", one.url, "--yes");
  check("remove", (await emulator.state()).deployments.find(({ id }) => id === firstId).deleted, removed.all);

  const ledger = await emulator.ledger();
  const unknown = ledger.requests.filter(({ operation }) => operation === "unknown").map(({ method, path }) => `${method} ${path}`);
  console.log(`\n${String(ledger.requests.length)} requests; asked for and not emulated: ${[...new Set(unknown)].join(", ") || "nothing"}`);
} finally {
  await rm(work, { recursive: true, force: true });
}

console.log(failures === 0 ? "the real command line works against the emulator" : `${String(failures)} checks failed`);
process.exitCode = failures === 0 ? 0 : 1;
