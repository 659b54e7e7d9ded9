import type { Leases } from "../../contract/store.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { keep, type MemoryState } from "./state.js";

export function memoryLeases(open: () => { readonly state: MemoryState; readonly now: number }): Leases {
  return {
    async acquire({ name, holder, ttl, takeOver }) {
      const { state, now } = open();
      const held = state.leases.get(name);
      if (held !== undefined && held.expiresAt > now && held.token !== takeOver) return { granted: false, held };
      state.token += 1;
      const lease = keep({ name, token: state.token, holder, expiresAt: Math.ceil(now + ttl) });
      state.leases.set(name, lease);
      return { granted: true, lease };
    },
    async renew({ name, token }, ttl) {
      const { state, now } = open();
      const held = state.leases.get(name);
      if (held?.token !== token) throw fail(coreErrors, "LEASE_LOST", { lease: name, token });
      const renewed = keep({ ...held, expiresAt: Math.ceil(now + ttl) });
      state.leases.set(name, renewed);
      return renewed;
    },
    async release({ name, token }) {
      const { state } = open();
      if (state.leases.get(name)?.token === token) state.leases.delete(name);
    },
    async read(name) {
      return open().state.leases.get(name);
    },
  };
}
