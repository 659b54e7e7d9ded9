/** A response that is kept back until it is released. */
export interface HeldResponse {
  readonly id: string;
  /** The number of the request in the ledger. */
  readonly request: number;
  readonly operation: string;
  /** Whether the provider has acted already. */
  readonly acted: boolean;
}

/** The responses that are held now. */
export interface HeldResponses {
  /** Resolves with true when it is released, with false when it is dropped: then nothing more may happen. */
  hold(held: Omit<HeldResponse, "id">): Promise<boolean>;
  list(): readonly HeldResponse[];
  /** Resolves with what is held as soon as anything is, or with nothing after `milliseconds`. */
  wait(milliseconds: number): Promise<readonly HeldResponse[]>;
  /** Releases one, or all. Returns how many. */
  release(id?: string): number;
  /** Drops all. */
  drop(): void;
}

export function createHeldResponses(): HeldResponses {
  const held = new Map<string, { readonly response: HeldResponse; readonly settle: (released: boolean) => void }>();
  const waiting = new Set<() => void>();
  let minted = 0;
  const list = (): readonly HeldResponse[] => [...held.values()].map(({ response }) => response);
  return {
    list,
    hold(response) {
      minted += 1;
      const id = `held-${String(minted)}`;
      return new Promise((resolve) => {
        held.set(id, { response: { id, ...response }, settle: resolve });
        for (const wake of waiting) wake();
      });
    },
    wait(milliseconds) {
      if (held.size > 0) return Promise.resolve(list());
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve(list());
        };
        const timer = setTimeout(wake, milliseconds);
        waiting.add(wake);
      });
    },
    release(id) {
      const chosen = id === undefined ? [...held.keys()] : [id];
      let released = 0;
      for (const key of chosen) {
        held.get(key)?.settle(true);
        if (held.delete(key)) released += 1;
      }
      return released;
    },
    drop() {
      for (const { settle } of held.values()) settle(false);
      held.clear();
    },
  };
}
