/** What lies in a folder of migrations, and in the folders in it. Hidden files are left out. */
export interface Listing {
  readonly files: readonly string[];
  /** Folders with the files that lie directly in them. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
  /** The text of a file, by its path in the folder. */
  readonly text: (path: string) => string;
}

/** A migration that lies in a folder. Paths are those in the folder. */
export interface Found {
  readonly id: string;
  readonly file: string;
  /** The way back, where it has a file of its own. */
  readonly down?: string;
  /** It says, in a place that its tool has for that, that it runs without a transaction. */
  readonly alone?: boolean;
  /** It runs again whenever its text has changed, behind the others. */
  readonly repeatable?: boolean;
  /** The tools that keep their migrations like this; not said where only the text can tell. */
  readonly tools?: readonly string[];
  /** It is TypeScript or JavaScript. */
  readonly code?: boolean;
  /** Its text holds `${names}` that its tool puts values in for. */
  readonly placeholders?: boolean;
}

/** How a tool keeps its migrations. Answers them in their order; nothing where a folder is none of its. */
export type Layout = (listing: Listing) => readonly Found[] | undefined;
