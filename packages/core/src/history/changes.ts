import type { CommitList, CommitsBetween } from "../contract/plan.js";
import type { Artifact, MigrationReference, Release } from "../contract/release.js";
import type { Json } from "../json/json.js";

/** What becomes of a component. */
export interface ComponentChange {
  readonly component: string;
  readonly change: "added" | "removed" | "changed" | "same";
  /** What it was made from, in words: an image, or how many files; `null` where it was not there. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Names of what a component is started with; never a value. */
export interface VariableChange {
  readonly component: string;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
}

/** What is different in a release from the one before it, as far as the journal knows. */
export interface ReleaseChanges {
  /** Id of the release before; `null` where there was none, or it is not known any more. */
  readonly from: string | null;
  readonly to: string;
  /** Where both come from, as far as the version control knew, and which commits the one has and the other has not, where git knew both when one of them was planned. */
  readonly commits: {
    readonly from: string | null;
    readonly to: string | null;
    readonly between: { readonly added: CommitList; readonly dropped: CommitList } | null;
  };
  readonly branches: { readonly from: string | null; readonly to: string | null };
  /** Of the commit of the release. */
  readonly message: string | null;
  /** In the order of their names. */
  readonly components: readonly ComponentChange[];
  readonly migrations: {
    /** That the release before did not have. */
    readonly added: readonly MigrationReference[];
    /** That only the release before has: what serves then meets a database that is ahead of it. */
    readonly removed: readonly MigrationReference[];
  };
  /** `null` where the journal does not know what one of them was started with. */
  readonly variables: readonly VariableChange[] | null;
  /** Something else is different: options of targets, configuration, own steps or versions of secrets. */
  readonly others: boolean;
}

/** ReleaseVariables by component. */
export type ReleaseVariables = Readonly<Record<string, Json>>;

/** A release, and what its components were started with, where that is known. */
export interface KnownRelease {
  readonly release: Release;
  readonly variables: ReleaseVariables | null;
  /** From what served before it to this one. */
  readonly commits?: CommitsBetween | undefined;
}

const nothing: Pick<Release, "artifacts" | "migrations" | "provenance"> = { artifacts: {}, migrations: [], provenance: {} };

/** Holds a release against the one before it. Pure. */
export function changesBetween(before: KnownRelease | undefined, after: KnownRelease): ReleaseChanges {
  const { release } = after;
  const old = before?.release ?? nothing;
  const changes = {
    components: componentChanges(old.artifacts, release.artifacts),
    migrations: { added: missingIn(old.migrations, release.migrations), removed: missingIn(release.migrations, old.migrations) },
    variables: variableChanges(before?.variables, after.variables),
  };
  const [from, to] = [old.provenance, release.provenance];
  return {
    from: before?.release.id ?? null,
    to: release.id,
    commits: { from: from.commit ?? null, to: to.commit ?? null, between: commitsBetween(before, after) },
    branches: { from: from.branch ?? null, to: to.branch ?? null },
    message: to.message ?? null,
    ...changes,
    others: before !== undefined && before.release.contentDigest !== release.contentDigest && !isExplained(changes),
  };
}

/** As it was recorded with the one that came later: going back, what it had added is dropped. */
function commitsBetween(before: KnownRelease | undefined, after: KnownRelease): ReleaseChanges["commits"]["between"] {
  const from = before?.release.provenance.commit;
  if (before === undefined || from === undefined) return null;
  if (after.commits?.since === from) return { added: after.commits.added, dropped: after.commits.dropped };
  const back = before.commits?.since === after.release.provenance.commit ? before.commits : undefined;
  return back === undefined ? null : { added: back.dropped, dropped: back.added };
}

/** Whether what is named may be why the content differs. */
function isExplained({ components, migrations, variables }: Pick<ReleaseChanges, "components" | "migrations" | "variables">): boolean {
  if (variables === null || variables.length > 0) return true;
  return migrations.added.length + migrations.removed.length > 0 || components.some(({ change }) => change !== "same");
}

function componentChanges(before: Release["artifacts"], after: Release["artifacts"]): readonly ComponentChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.map((component) => {
    const [from, to] = [ownOf(before, component), ownOf(after, component)];
    const change = from === undefined ? "added" : to === undefined ? "removed" : from.digest === to.digest ? "same" : "changed";
    return { component, change, from: from === undefined ? null : wordsOf(from), to: to === undefined ? null : wordsOf(to) };
  });
}

function wordsOf(artifact: Artifact): string {
  if (artifact.kind === "image") return artifact.reference;
  return `${String(artifact.files)} ${artifact.files === 1 ? "file" : "files"}`;
}

/** By id and content: one that was edited is another one. */
function missingIn(known: readonly MigrationReference[], all: readonly MigrationReference[]): readonly MigrationReference[] {
  const checksums = new Map(known.map(({ id, checksum }) => [id, checksum]));
  return all.filter(({ id, checksum }) => checksums.get(id) !== checksum);
}

function variableChanges(before: ReleaseVariables | null | undefined, after: ReleaseVariables | null): readonly VariableChange[] | null {
  if (before === null || before === undefined || after === null) return null;
  const components = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return components.flatMap((component) => {
    const [old, young] = [textsOf(ownOf(before, component)), textsOf(ownOf(after, component))];
    const names = [...new Set([...Object.keys(old), ...Object.keys(young)])].toSorted();
    return names.flatMap((name): readonly VariableChange[] => {
      const [from, to] = [ownOf(old, name), ownOf(young, name)];
      if (from === to) return [];
      return [{ component, name, change: from === undefined ? "added" : to === undefined ? "removed" : "changed" }];
    });
  });
}

function textsOf(variables: Json | undefined): Readonly<Record<string, string>> {
  if (typeof variables !== "object" || variables === null || Array.isArray(variables)) return {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
