import { defineErrors, error } from "./definition.js";

/** What a store refuses, and why it may not be usable. Part of `coreErrors`. */
export const storeErrors = defineErrors({
  STORE_CONFLICT: error<{ stream: string; expected: number; actual: number }>({
    status: 409,
    retryable: true,
    message: ({ stream, expected, actual }) => `${stream} is at version ${String(actual)}, not ${String(expected)}.`,
    hint: () => "Another process was faster. Read it again and decide anew.",
  }),
  STORE_UNAVAILABLE: error<{ store: string; problem: string }>({
    status: 503,
    retryable: true,
    message: ({ store, problem }) => `${store} does not answer: ${problem}`,
    hint: () => "Whether the last write arrived is unknown; it is looked up on the next attempt.",
  }),
  STORE_CORRUPT: error<{ stream: string; version: number; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ stream, version, problem }) => `The journal ${stream} does not verify at version ${String(version)}: ${problem}`,
    hint: () => "Somebody or something changed it. Restore it, or keep it and look who did; nothing is deployed on top of it.",
  }),
  JOURNAL_EXPORT_UNREADABLE: error<{ line: number; problem: string }>({
    status: 422,
    retryable: false,
    message: ({ line, problem }) => `Line ${String(line)} cannot be read as one of an exported journal: ${problem}`,
    hint: () => "Give the file that `export` has written, as it was.",
  }),
  STORE_CLOSED: error<{ store: string }>({
    status: 500,
    retryable: false,
    message: ({ store }) => `${store} has been closed.`,
    hint: () => "Close the deployer last.",
  }),
  STORE_PATH_INVALID: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} cannot be a store: ${problem}`,
    hint: () => 'Name a file on a disk of this machine, e.g. join(import.meta.dirname, ".fairlead/journal.db").',
  }),
  STORE_NOT_WRITABLE: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} cannot be written: ${problem}`,
    hint: () => "Let the user that this process runs as write to the file and to its folder.",
  }),
  STORE_NOT_READABLE: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} cannot be read: ${problem}`,
    hint: () => "Let the user that this process runs as read the file, its folder and the files whose names begin with its name.",
  }),
  STORE_FULL: error<{ store: string; problem: string }>({
    status: 507,
    retryable: false,
    message: ({ store, problem }) => `There is no room for ${store}: ${problem}`,
    hint: () => "Free some space. Nothing of the last write was kept.",
  }),
  STORE_FOREIGN: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} is not a journal of Fairlead: ${problem}`,
    hint: () => "Name another place; if it was one, put a backup in its place. What is there was left as it is.",
  }),
  STORE_TOO_NEW: error<{ store: string; found: number; known: number }>({
    status: 500,
    retryable: false,
    message: ({ store, found, known }) =>
      `${store} was written by a newer version of Fairlead (schema ${String(found)}; this version knows ${String(known)}).`,
    hint: () => "Update Fairlead here. The store was left as it is.",
  }),
  STORE_DAMAGED: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} is damaged: ${problem}`,
    hint: () => "Keep the file, with those whose names begin with its name, and put a backup in its place.",
  }),
  STORE_REPLACED: error<{ store: string }>({
    status: 500,
    retryable: false,
    message: ({ store }) => `${store} was moved, removed or replaced while it was open. Nothing more is written to it.`,
    hint: () => "Stop every process that uses it, put it back, and start them again.",
  }),
  STORE_NOT_SUPPORTED: error<{ store: string; problem: string }>({
    status: 500,
    retryable: false,
    message: ({ store, problem }) => `${store} cannot be used here: ${problem}`,
    hint: () => "Run on Node.js 22.18 or later, or take another store.",
  }),
  CLAIM_HELD: error<{ key: string; owner: string }>({
    status: 409,
    retryable: true,
    message: ({ key, owner }) => `${key} is claimed by ${owner}.`,
    hint: () => "Wait until that deployment ends; `status` shows it.",
  }),
  LEASE_LOST: error<{ lease: string; token: number }>({
    status: 409,
    retryable: false,
    message: ({ lease, token }) => `The lease ${lease} (token ${String(token)}) has passed to another process.`,
    hint: () => "That process goes on; this one stops and writes nothing.",
  }),
});
