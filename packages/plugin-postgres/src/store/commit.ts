import { randomInt } from "node:crypto";
import {
  coreErrors,
  fail,
  type FairleadError,
  type JsonObject,
  type StoreChange,
  type StoreCommit,
  type StreamWrite,
} from "@fairlead/core";
import type { Change } from "./commit-queue.js";
import { toLabels } from "./labels.js";

/** What the database says of a commit: the position of its last event, or why it was refused. */
export type CommitAnswer =
  | number
  | { readonly code: "LEASE_LOST" }
  | { readonly code: "CLAIM_HELD"; readonly owner: string }
  | { readonly code: "STORE_CONFLICT"; readonly stream: string; readonly expected: number; readonly actual: number };

/** A commit as the database is handed it. What is JSON in it is text once more: it may hold characters that the database's own JSON does not know. */
export function toChange(commit: StoreCommit): Change {
  const { streams, fence, claim, outbox, timers, removals } = commit;
  const message = JSON.stringify({
    nonce: randomInt(2 ** 48 - 1),
    streams: streams.map(toWrite),
    fence,
    claim,
    outbox:
      outbox === undefined || outbox.length === 0
        ? undefined
        : outbox.map(({ id, dedupeKey, channel, lane, application, environment, notification }) => ({
            ...{ id, dedupeKey, channel, lane, application, environment },
            notification: JSON.stringify(notification),
          })),
    timers: timers?.map(({ name, at }) => ({ name, at: at === null ? null : Math.ceil(at) })),
    removals: removals?.map(({ name, expectedVersion }) => ({ name, expectedVersion })),
  });
  const touches = [...streams, ...(removals ?? [])].map(({ name }) => `stream ${name}`);
  if (claim !== undefined) touches.push(`claim ${claim.key}`);
  if (fence !== undefined) touches.push(`lease ${fence.lease}`);
  for (const { name } of timers ?? []) touches.push(`timer ${name}`);
  return { message, touches, isPlain: isPlain(commit) };
}

/** Whether all that it does is to append to one stream that is there, under a fence. */
function isPlain({ streams: [stream, ...more], fence, claim, outbox, timers, removals }: StoreCommit): boolean {
  if (stream === undefined || stream.summary !== undefined || stream.expectedVersion === 0 || stream.events.length === 0) return false;
  if (fence === undefined || fence.release === true || claim !== undefined) return false;
  return [more, outbox, timers, removals].every((others) => others === undefined || others.length === 0);
}

function toWrite({ name, expectedVersion, events, summary }: StreamWrite): JsonObject {
  return {
    name,
    expectedVersion,
    events: events.map(({ type, at, data, hash }) => ({ type, at, data: JSON.stringify(data), hash })),
    ...(summary === undefined ? {} : { summary: JSON.stringify(summary), labels: toLabels(summary) }),
  };
}

/** Why a commit was refused. */
export function toRefusal({ fence, claim }: StoreCommit, answer: Exclude<CommitAnswer, number>): FairleadError {
  switch (answer.code) {
    case "LEASE_LOST":
      return fail(coreErrors, "LEASE_LOST", { lease: fence?.lease ?? "", token: fence?.token ?? 0 });
    case "CLAIM_HELD":
      return fail(coreErrors, "CLAIM_HELD", { key: claim?.key ?? "", owner: answer.owner });
    case "STORE_CONFLICT":
      return fail(coreErrors, "STORE_CONFLICT", { stream: answer.stream, expected: answer.expected, actual: answer.actual });
  }
}

/** What a commit has appended, the last of it at `position`. */
export function changesOf({ streams }: StoreCommit, position: number): readonly StoreChange[] {
  let before = position - streams.reduce((sum, { events }) => sum + events.length, 0);
  return streams.flatMap(({ name, expectedVersion, events }) =>
    events.map((_, index) => {
      before += 1;
      return { position: before, stream: name, version: expectedVersion + index + 1 };
    }),
  );
}

export function versionsOf({ streams }: StoreCommit): readonly number[] {
  return streams.map(({ expectedVersion, events }) => expectedVersion + events.length);
}
