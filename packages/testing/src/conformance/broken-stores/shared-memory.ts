import { coreErrors, fail, memoryStore, type Clock, type Store } from "@fairlead/core";

/** A memory store that can be opened several times, as several processes open one file. What is closed is the door, not the room. */
export function sharedMemory(clock: Clock): () => Store {
  const room = memoryStore({ clock });
  return () => openDoor(room);
}

function openDoor(room: Store): Store {
  const closed = new AbortController();
  const pass = (): void => {
    if (closed.signal.aborted) throw fail(coreErrors, "STORE_CLOSED", { store: room.description });
  };
  const guard = <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) => {
    return async (...args: Arguments): Promise<Result> => {
      pass();
      return call(...args);
    };
  };
  return {
    description: room.description,
    shared: room.shared,
    commit: guard((commit) => room.commit(commit)),
    read: guard((stream, options) => room.read(stream, options)),
    list: guard((query) => room.list(query)),
    leases: {
      acquire: guard((request) => room.leases.acquire(request)),
      renew: guard((lease, ttl) => room.leases.renew(lease, ttl)),
      release: guard((lease) => room.leases.release(lease)),
      read: guard((name) => room.leases.read(name)),
    },
    claimOf: guard((key) => room.claimOf(key)),
    watch: (options) => {
      const changes = room.watch({ ...options, signal: AbortSignal.any([options.signal, closed.signal]) });
      return (async function* () {
        yield* changes;
        if (!options.signal.aborted) pass();
      })();
    },
    outbox: {
      lease: guard((request) => room.outbox.lease(request)),
      settle: guard((id, holder, result) => room.outbox.settle(id, holder, result)),
      list: guard((query) => room.outbox.list(query)),
      revive: guard((ids) => room.outbox.revive(ids)),
    },
    timers: { due: guard((query) => room.timers.due(query)) },
    now: guard(() => room.now()),
    close: async () => {
      closed.abort();
    },
  };
}
