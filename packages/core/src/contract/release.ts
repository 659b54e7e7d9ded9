import type { JsonObject } from "../json/json.js";

/** What a component is made from. `digest` names the content: equal digests are equal content. */
export type Artifact =
  /** A folder of files. `path` is absolute and only present where the content is at hand; elsewhere the step may only be observed or undone. */
  | { readonly kind: "directory"; readonly digest: string; readonly files: number; readonly path?: string }
  /**
   * A container image. `reference` is as it was given, for people; `pinned` is what it meant when the plan was made, and what a target takes instead. Where the reference names no digest and the target could not
   * say what it means, `pinned` is absent and `digest` equals no other one.
   */
  | { readonly kind: "image"; readonly digest: string; readonly reference: string; readonly pinned?: string };

/** Where a release comes from, as far as the version control knows. */
export interface Provenance {
  readonly commit?: string;
  readonly branch?: string;
  readonly message?: string;
  /** Whether files differed from the commit. */
  readonly dirty?: boolean;
}

/** One migration of a release: its name and the sha-256 of its text (`sha256:<hex>`). */
export interface MigrationReference {
  readonly id: string;
  readonly checksum: string;
  readonly phase: MigrationPhase;
}

/** `expand`: code of the release before survives it. `contract`: only code of this release and later does. `backfill`: moves data only. */
export type MigrationPhase = "expand" | "backfill" | "contract";

/** An immutable version of the application. Its id is minted before anything is prepared and handed to whatever is started. */
export interface Release {
  /** `rel_` and 26 lower-case characters, ordered by time. */
  readonly id: string;
  readonly application: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly provenance: Provenance;
  readonly artifacts: Readonly<Record<string, Artifact>>;
  readonly migrations: readonly MigrationReference[];
  /**
   * Digest of artifacts, variables, the options of the targets, migrations, own steps, configuration, and of the versions of secrets where their source has versions: equal means that deploying it again
   * changes nothing.
   */
  readonly contentDigest: string;
}

/** A release of one component that exists at its target. It serves nobody until it is promoted. JSON, kept in the journal. */
export interface Candidate {
  /** The provider's own id of it; unique at the target. */
  readonly id: string;
  /** Where this candidate alone answers, if it has an address. */
  readonly url?: string;
  /** What else the target needs to find it again. No secrets. */
  readonly data?: JsonObject;
}
