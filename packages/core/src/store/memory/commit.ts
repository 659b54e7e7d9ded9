import type { OutboxWrite, Store, StoreCommit, StreamWrite } from "../../contract/store.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { keep, type MemoryState } from "./state.js";

/** Checks everything, then writes everything. */
export function commitToMemory(state: MemoryState, commit: StoreCommit, now: number): Awaited<ReturnType<Store["commit"]>> {
  check(state, commit);
  if (commit.fence?.release === true) state.leases.delete(commit.fence.lease);
  if (commit.claim?.action === "take") state.claims.set(commit.claim.key, commit.claim.owner);
  else if (commit.claim !== undefined && state.claims.get(commit.claim.key) === commit.claim.owner) state.claims.delete(commit.claim.key);
  const versions = commit.streams.map((write) => append(state, write));
  for (const { name } of commit.removals ?? []) remove(state, name);
  for (const message of commit.outbox ?? []) queue(state, message, now);
  for (const { name, at } of commit.timers ?? []) {
    if (at === null) state.timers.delete(name);
    else state.timers.set(name, Math.ceil(at));
  }
  return { versions, position: state.log.length };
}

function check(state: MemoryState, { fence, claim, streams, removals = [] }: StoreCommit): void {
  if (fence !== undefined && state.leases.get(fence.lease)?.token !== fence.token) {
    throw fail(coreErrors, "LEASE_LOST", { lease: fence.lease, token: fence.token });
  }
  const owner = claim?.action === "take" ? state.claims.get(claim.key) : undefined;
  if (claim !== undefined && owner !== undefined && owner !== claim.owner) throw fail(coreErrors, "CLAIM_HELD", { key: claim.key, owner });
  checkVersions(state, [...streams, ...removals.map((removal) => ({ ...removal, events: [] }))]);
}

function checkVersions(state: MemoryState, writes: readonly StreamWrite[]): void {
  const versions = new Map<string, number>();
  for (const { name, expectedVersion, events } of writes) {
    const actual = versions.get(name) ?? state.streams.get(name)?.events.length ?? 0;
    if (actual !== expectedVersion) throw fail(coreErrors, "STORE_CONFLICT", { stream: name, expected: expectedVersion, actual });
    versions.set(name, actual + events.length);
  }
}

function remove(state: MemoryState, name: string): void {
  for (const { position } of state.streams.get(name)?.events ?? []) state.log[position - 1] = undefined;
  state.streams.delete(name);
}

function append(state: MemoryState, { name, events, summary }: StreamWrite): number {
  const before = state.streams.get(name);
  if (before === undefined && events.length === 0) return 0;
  const stream = { events: before?.events ?? [], summary: summary === undefined ? (before?.summary ?? keep({})) : keep(summary) };
  for (const { type, at, data, hash } of events) {
    const change = { position: state.log.length + 1, stream: name, version: stream.events.length + 1 };
    state.log.push(keep(change));
    stream.events.push(keep({ ...change, type, at, data, hash }));
  }
  state.streams.set(name, stream);
  return stream.events.length;
}

function queue(state: MemoryState, write: OutboxWrite, now: number): void {
  if (state.messages.has(write.id) || state.dedupeKeys.has(write.dedupeKey)) return;
  const { id, dedupeKey, channel, lane, application, environment, notification } = write;
  state.dedupeKeys.add(dedupeKey);
  const message = { id, dedupeKey, channel, lane, application, environment, notification };
  state.messages.set(id, keep({ ...message, state: "pending", attempts: 0, nextAt: now, createdAt: now }));
}
