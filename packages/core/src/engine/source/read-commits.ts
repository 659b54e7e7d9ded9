import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CommitList, CommitsBetween } from "../../contract/plan.js";
import type { Artifact } from "../../contract/release.js";
import { repositoriesOf } from "./repositories.js";

const run = promisify(execFile);

/** So many of each are listed. */
const most = 30;
/** What is longer is not written down: a text that is cut here may end in half a secret, which nobody would find. */
const longest = 300;
/** Nobody waits longer for what is only worth knowing, in milliseconds. */
const within = 10_000;
/** A partial clone would fetch a commit that it has not, and might ask a person for a password. */
const onlyHere = ["--no-optional-locks", "-c", "protocol.allow=never"];

/**
 * What git knows about the way from one commit to another, in the repositories of these folders, and in that one. `undefined` where there is none, where none knows both (a shallow clone, a history that was written anew), and where
 * nothing lies between. Changes nothing; never rejects.
 */
export async function readCommits(
  artifacts: Readonly<Record<string, Artifact>>,
  {
    repository,
    from,
    to,
  }: { readonly repository?: string | undefined; readonly from: string | undefined; readonly to: string | undefined },
): Promise<CommitsBetween | undefined> {
  if (!isCommit(from) || !isCommit(to) || from === to) return undefined;
  const others = repository === undefined ? [] : [repository];
  for (const one of [...(await repositoriesOf(artifacts)), ...others]) {
    const found = await readBetween(one, from, to).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Never a name, an option, or a range. */
function isCommit(revision: string | undefined): revision is string {
  return revision !== undefined && /^[0-9a-f]{7,64}$/i.test(revision);
}

async function readBetween(repository: string, from: string, to: string): Promise<CommitsBetween | undefined> {
  const git = async (...parameters: string[]): Promise<string> => {
    const options = { maxBuffer: 16 * 1024 * 1024, timeout: within };
    return (await run("git", [...onlyHere, "-C", repository, ...parameters], options)).stdout;
  };
  const [dropped = 0, added = 0] = (await git("rev-list", "--left-right", "--count", `${from}...${to}`, "--")).split("\t").map(Number);
  if (added + dropped === 0) return undefined;
  // Where the history is cut off, what both have may look like what only one has: not if all that is new leads to what both have.
  const ends = await git("rev-list", "--count", "--max-parents=0", `${from}..${to}`, "--");
  const isSure = dropped === 0 && Number(ends) === 0;
  if (!isSure && (await git("rev-parse", "--is-shallow-repository")).trim() !== "false") return undefined;
  const list = async (count: number, range: string): Promise<CommitList> => {
    if (count === 0) return { listed: [], more: 0 };
    const format = ["--no-show-signature", "--no-color", "--encoding=UTF-8", "--format=%H%x00%aN%x00%s"];
    const listed = linesOf(await git("log", ...format, `--max-count=${String(most)}`, range, "--"));
    return { listed, more: count - listed.length };
  };
  return { since: from, added: await list(added, `${from}..${to}`), dropped: await list(dropped, `${to}..${from}`) };
}

function linesOf(text: string): CommitList["listed"] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [commit = "", author = "", subject = ""] = line.split("\0");
      return { commit, author: written(author), subject: written(subject) };
    });
}

function written(text: string): string {
  return text.length <= longest ? text : `(${String(text.length)} characters)`;
}
