import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Artifact, Provenance } from "../../contract/release.js";
import { repositoriesOf } from "./repositories.js";

const run = promisify(execFile);

/** What git says about the folders that a release is made from. */
export interface Origin {
  /** Of the first folder that has a commit. */
  readonly provenance: Provenance;
  /** Files that differ from their commit, and those that it knows nothing of and is not told to ignore. */
  readonly files: readonly string[];
  /** Repositories that git could not be asked about, and why. */
  readonly unknown: readonly { readonly repository: string; readonly problem: string }[];
}

/** What git knows about the folders among some artifacts, each repository once. Nothing of images and of folders in no repository. Changes nothing. */
export async function readOrigin(artifacts: Readonly<Record<string, Artifact>>): Promise<Origin> {
  const repositories = await repositoriesOf(artifacts);
  const states = await Promise.all(repositories.map(async (repository) => ({ repository, ...(await readRepository(repository)) })));
  const files = states.flatMap(({ repository, files }) =>
    repositories.length === 1 ? files : files.map((file) => join(repository, file)),
  );
  const provenance = states.find(({ commit }) => commit !== undefined);
  const { commit, branch, message } = provenance ?? {};
  return {
    provenance: {
      ...(commit === undefined ? {} : { commit, dirty: files.length > 0 }),
      ...(branch === undefined ? {} : { branch }),
      ...(message === undefined ? {} : { message }),
    },
    files,
    unknown: states.flatMap(({ repository, problem }) => (problem === undefined ? [] : [{ repository, problem }])),
  };
}

interface RepositoryState {
  readonly commit?: string;
  readonly branch?: string;
  readonly message?: string;
  readonly files: readonly string[];
  readonly problem?: string;
}

async function readRepository(repository: string): Promise<RepositoryState> {
  try {
    // What Fairlead itself keeps beside the sources is none of them.
    const status = await gitIn(
      repository,
      "status",
      "--porcelain",
      "--untracked-files=normal",
      "--",
      ":/",
      ":(exclude,glob)**/.fairlead/**",
    );
    const files = status === "" ? [] : status.split("\n").map((line) => line.slice(3));
    return { files, ...(await readCheckedOut(repository)) };
  } catch (error) {
    return { files: [], problem: problemOf(error) };
  }
}

/** The commit that is checked out in a folder; nothing where git knows of none. Changes nothing; never rejects. */
export async function readHead(folder: string): Promise<Pick<Provenance, "commit" | "branch" | "message">> {
  return readCheckedOut(folder).catch(() => ({}));
}

async function readCheckedOut(folder: string): Promise<Pick<Provenance, "commit" | "branch" | "message">> {
  const commit = await gitIn(folder, "rev-parse", "--verify", "--quiet", "HEAD").catch(() => undefined);
  if (commit === undefined) return {};
  const [branch, message] = await Promise.all([
    gitIn(folder, "rev-parse", "--abbrev-ref", "HEAD"),
    // Of that commit: another may be checked out by now.
    gitIn(folder, "log", "-1", "--no-show-signature", "--format=%s", commit, "--"),
  ]);
  return { commit, message, ...(branch === "HEAD" ? {} : { branch }) };
}

async function gitIn(folder: string, ...parameters: string[]): Promise<string> {
  return (await run("git", ["--no-optional-locks", "-C", folder, ...parameters], { maxBuffer: 64 * 1024 * 1024 })).stdout.trimEnd();
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "it cannot be asked";
  if ("code" in error && error.code === "ENOENT") return "git is not installed";
  const said = "stderr" in error && typeof error.stderr === "string" ? error.stderr : "";
  return (said.split("\n", 1)[0] ?? "").replace(/^fatal: /, "") || "it cannot be asked";
}
