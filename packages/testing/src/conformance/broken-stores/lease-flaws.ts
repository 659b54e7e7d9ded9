import { isDeepStrictEqual } from "node:util";
import { coreErrors, fail, isFairleadError, type Lease, type Store } from "@fairlead/core";
import { withFences, withLeases, type Flaws } from "./flaw.js";

async function takeFromHolder(store: Store, name: string): Promise<{ readonly takeOver?: number }> {
  const held = await store.leases.read(name);
  return held === undefined ? {} : { takeOver: held.token };
}

function lost({ name, token }: Lease): Error {
  return fail(coreErrors, "LEASE_LOST", { lease: name, token });
}

export const leaseFlaws: Flaws = {
  "grants a lease to everybody": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) => {
          let answer = await store.leases.acquire(request);
          while (!answer.granted) answer = await store.leases.acquire({ ...request, takeOver: answer.held.token });
          return answer;
        },
      }),
    fails: [
      "a lease is granted to one at a time, and who asks is told who has it",
      "a renewed lease lives on",
      "a lease that expired unnoticed is renewed where nobody took it",
      "a lease is not taken over by another token",
      "of a hundred who want one lease one gets it",
      "stores on the same data refuse each other",
    ],
  },
  "grants a lease again to its holder": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) => {
          const held = await store.leases.read(request.name);
          return isDeepStrictEqual(held?.holder, request.holder)
            ? store.leases.acquire({ ...request, ...(await takeFromHolder(store, request.name)) })
            : store.leases.acquire(request);
        },
      }),
    fails: ["a lease is granted to one at a time, and who asks is told who has it"],
  },
  "looks whether a lease is free before it grants it": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) => {
          const held = await store.leases.read(request.name);
          if (held !== undefined) return store.leases.acquire(request);
          await new Promise(setImmediate);
          return store.leases.acquire({ ...request, ...(await takeFromHolder(store, request.name)) });
        },
      }),
    fails: ["of a hundred who want one lease one gets it"],
  },
  "grants leases for twice as long": {
    breaks: (store) => withLeases(store, { acquire: (request) => store.leases.acquire({ ...request, ttl: 2 * request.ttl }) }),
    fails: [
      "a lease is granted to one at a time, and who asks is told who has it",
      "a lease that expired is granted to the next",
      "a lease that has passed on cannot be renewed",
      "ending what has passed on changes nothing",
    ],
  },
  "has one lease for all": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) =>
          (await store.leases.read("deployment/1")) === undefined
            ? store.leases.acquire(request)
            : store.leases.acquire({ ...request, name: "deployment/1" }),
      }),
    fails: ["leases of different names do not touch each other"],
  },
  "never lets a lease expire": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) => {
          const held = await store.leases.read(request.name);
          return held === undefined || held.token === request.takeOver ? store.leases.acquire(request) : { granted: false, held };
        },
      }),
    fails: [
      "a lease that expired is granted to the next",
      "a lease that has passed on cannot be renewed",
      "ending what has passed on changes nothing",
      "tokens grow with every holder",
    ],
  },
  "forgets a lease that has expired": {
    breaks: (store) => {
      const read = async (name: string): Promise<Lease | undefined> => {
        const held = await store.leases.read(name);
        return held !== undefined && held.expiresAt <= (await store.now()) ? undefined : held;
      };
      return withLeases(store, { read });
    },
    fails: ["a lease that expired unnoticed is renewed where nobody took it"],
  },
  "renews nothing": {
    breaks: (store) => withLeases(store, { renew: async (lease, ttl) => ({ ...lease, expiresAt: (await store.now()) + ttl }) }),
    fails: [
      "a renewed lease lives on",
      "a lease that expired unnoticed is renewed where nobody took it",
      "a lease that has passed on cannot be renewed",
      "a lease that was ended cannot be renewed",
      "a lease is taken over by its token, before it expires",
      "a commit with the last token is accepted",
    ],
  },
  "gives a new token with every renewal": {
    breaks: (store) =>
      withLeases(store, {
        renew: async (lease, ttl) => {
          await store.leases.renew(lease, ttl);
          const answer = await store.leases.acquire({ name: lease.name, holder: lease.holder, ttl, takeOver: lease.token });
          return answer.granted ? answer.lease : answer.held;
        },
      }),
    fails: ["a renewed lease lives on", "a lease that expired unnoticed is renewed where nobody took it", "tokens grow with every holder"],
  },
  "renews no lease that has expired": {
    breaks: (store) =>
      withLeases(store, {
        renew: async (lease, ttl) => {
          const held = await store.leases.read(lease.name);
          if (held !== undefined && held.expiresAt <= (await store.now())) throw lost(lease);
          return store.leases.renew(lease, ttl);
        },
      }),
    fails: ["a lease that expired unnoticed is renewed where nobody took it"],
  },
  "renews the lease of another": {
    breaks: (store) =>
      withLeases(store, { renew: async (lease, ttl) => store.leases.renew((await store.leases.read(lease.name)) ?? lease, ttl) }),
    fails: ["a lease that has passed on cannot be renewed", "a lease is taken over by its token, before it expires"],
  },
  "renews a lease that was ended": {
    breaks: (store) =>
      withLeases(store, {
        renew: async (lease, ttl) => {
          if ((await store.leases.read(lease.name)) !== undefined) return store.leases.renew(lease, ttl);
          const answer = await store.leases.acquire({ name: lease.name, holder: lease.holder, ttl });
          return answer.granted ? answer.lease : answer.held;
        },
      }),
    fails: ["a lease that was ended cannot be renewed"],
  },
  "keeps a lease that was ended until it expires": {
    breaks: (store) =>
      withLeases(store, {
        // Refuses when it is closed.
        release: async ({ name }) => {
          await store.leases.read(name);
        },
      }),
    fails: [
      "leases of different names do not touch each other",
      "a lease that was ended cannot be renewed",
      "a lease that was ended is free at once",
      "tokens grow with every holder",
      "a lease that was ended allows no commit",
      "tokens and positions go on growing after opening again",
    ],
  },
  "ends the lease of another": {
    breaks: (store) =>
      withLeases(store, { release: async (lease) => store.leases.release((await store.leases.read(lease.name)) ?? lease) }),
    fails: ["ending what has passed on changes nothing"],
  },
  "lets nobody take over": {
    breaks: (store) => withLeases(store, { acquire: ({ takeOver: _, ...request }) => store.leases.acquire(request) }),
    fails: [
      "a lease is taken over by its token, before it expires",
      "a lease is not taken over by another token",
      "tokens grow with every holder",
      "a commit with an older token is refused, and nothing is left behind",
      "stores on the same data refuse each other",
    ],
  },
  "lets anybody take over who names a token": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) =>
          store.leases.acquire(request.takeOver === undefined ? request : { ...request, ...(await takeFromHolder(store, request.name)) }),
      }),
    fails: ["a lease is not taken over by another token"],
  },
  "grants nothing free to who names a token": {
    breaks: (store) =>
      withLeases(store, {
        acquire: async (request) => {
          const held = await store.leases.read(request.name);
          if (request.takeOver === undefined || held !== undefined) return store.leases.acquire(request);
          return { granted: false, held: { name: request.name, token: request.takeOver, holder: {}, expiresAt: 0 } };
        },
      }),
    fails: ["a lease that nobody has is granted, whatever token is named"],
  },
  "counts tokens down": {
    breaks: (store) => {
      // The same the other way round.
      const turn = (token: number): number => 1_000_000 - token;
      const turned = (lease: Lease): Lease => ({ ...lease, token: turn(lease.token) });
      const turnError = (error: unknown): never => {
        throw isFairleadError(error, "LEASE_LOST")
          ? fail(coreErrors, "LEASE_LOST", { ...error.data, token: turn(error.data.token) })
          : error;
      };
      const { leases } = store;
      const fenced = withFences(store, async (fence) => ({ ...fence, token: turn(fence.token) }));
      return withLeases(
        { ...fenced, commit: (commit) => fenced.commit(commit).catch(turnError) },
        {
          acquire: async ({ takeOver, ...request }) => {
            const answer = await leases.acquire({ ...request, ...(takeOver === undefined ? {} : { takeOver: turn(takeOver) }) });
            return answer.granted ? { granted: true, lease: turned(answer.lease) } : { granted: false, held: turned(answer.held) };
          },
          renew: (lease, ttl) => leases.renew(turned(lease), ttl).then(turned, turnError),
          release: (lease) => leases.release(turned(lease)),
          read: async (name) => {
            const lease = await leases.read(name);
            return lease === undefined ? undefined : turned(lease);
          },
        },
      );
    },
    fails: ["tokens grow with every holder", "a commit can end its lease", "tokens and positions go on growing after opening again"],
  },
  "has a clock that stands still after a moment": {
    breaks: (store) => {
      let first: number | undefined;
      return {
        ...store,
        now: async () => {
          const now = await store.now();
          first ??= now;
          return Math.min(now, first + 100);
        },
      };
    },
    fails: ["time is the store's own, and goes on"],
  },
};
