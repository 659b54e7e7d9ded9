import { createSharing } from "../../shares/create-sharing.js";

/** What shares of a service's requests are sent to two upstreams. */
export interface EdgeShift {
  readonly stable: string;
  readonly candidate: string;
  readonly steps: readonly number[];
  readonly weights: Readonly<Record<string, number>>;
}

/** A service: where its requests can go, and where they go. */
export interface EdgeService {
  /** Addresses by the id of the upstream. */
  readonly upstreams: Record<string, string>;
  /** The upstream that gets all requests while no shift is open. */
  primary?: string;
  shift?: EdgeShift;
  /** Requests that were answered, by upstream. */
  readonly answered: Record<string, number>;
  /** Requests that were sent on, and of those the ones that were failed, by upstream. */
  readonly counts: Record<string, { requests: number; errors: number }>;
  /** Requests that nobody answered. */
  failed: number;
}

/** All services of an edge. */
export interface EdgeState {
  readonly services: ReadonlyMap<string, EdgeService>;
  /** The service of this name, which comes to exist. */
  service(name: string): EdgeService;
  setShift(service: EdgeService, shift: EdgeShift | undefined): void;
  /** Where the next request goes, and stays as long as it is answered there: `kept` is where the user was before. */
  choose(service: EdgeService, kept: string | undefined): string | undefined;
  /** Requests in flight, by upstream; a request ends when what was returned for it is called. */
  begin(name: string, upstream: string): () => void;
  inFlight(name: string, upstream: string): number;
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}

export function createEdgeState(): EdgeState {
  const services = new Map<string, EdgeService>();
  const sharing = new WeakMap<EdgeShift, () => string | undefined>();
  const flying = new Map<string, number>();
  const count = (key: string, by: number): void => void flying.set(key, (flying.get(key) ?? 0) + by);
  return {
    services,
    service(name) {
      const service = services.get(name) ?? { upstreams: {}, answered: {}, counts: {}, failed: 0 };
      services.set(name, service);
      return service;
    },
    setShift(service, shift) {
      if (shift === undefined) delete service.shift;
      else service.shift = shift;
    },
    choose({ shift, primary }, kept) {
      if (shift === undefined) return primary;
      if (kept !== undefined && (shift.weights[kept] ?? 0) > 0) return kept;
      const next = sharing.get(shift) ?? createSharing(shift.weights);
      sharing.set(shift, next);
      return next();
    },
    begin(name, upstream) {
      const key = `${name} ${upstream}`;
      count(key, 1);
      let isOver = false;
      return () => {
        if (!isOver) count(key, -1);
        isOver = true;
      };
    },
    inFlight: (name, upstream) => flying.get(`${name} ${upstream}`) ?? 0,
    snapshot: () => structuredClone([...services]),
    restore(snapshot) {
      services.clear();
      for (const [name, service] of structuredClone((snapshot ?? []) as [string, EdgeService][])) services.set(name, service);
    },
  };
}
