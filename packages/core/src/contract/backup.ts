import type { CallOptions, DeploymentCall } from "./call.js";

export interface Backup {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly bytes: number;
  /** When a restore of it was last proved, ISO 8601. */
  readonly verifiedAt?: string;
}

/** Copies of data that can be restored. */
export interface BackupStore {
  /** Same key, same backup. */
  create(input: { readonly key: string }, call: DeploymentCall): Promise<Backup>;
  /** Restores into a scratch place and compares. */
  verify(input: { readonly id: string }, call: CallOptions): Promise<Backup>;
  /** Newest first. */
  list(call: CallOptions): Promise<readonly Backup[]>;
  /** Removes what the retention no longer covers; never the newest verified one. */
  expire(call: CallOptions): Promise<readonly string[]>;
  /** A person's explicit decision. */
  restore(input: { readonly id: string }, call: DeploymentCall): Promise<void>;
}
