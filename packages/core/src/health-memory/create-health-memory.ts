import { ulid } from "ulid";
import type { Store } from "../contract/store.js";
import type { HealthMemory, MemoryClaim, RememberedChecks } from "../health/index.js";
import type { JsonObject } from "../json/json.js";
import { emptyHead, sealEvents } from "../journal/index.js";

export interface HealthMemoryOptions {
  /** Instances of one application share what they know; others do not. */
  readonly application: string;
  readonly environment: string;
}

/**
 * Instances that run checks on demand share what they know in a store: `health.onDemand({ memory: createHealthMemory(store, { application: "shop", environment: "production" }) })`. One stream
 * with one event and a summary that is replaced, so that it does not grow.
 */
export function createHealthMemory(store: Store, { application, environment }: HealthMemoryOptions): HealthMemory {
  const name = `health/${application}/${environment}`;
  const lease = { name, holder: { instance: ulid() } };

  const stream = async (): Promise<{ readonly version: number; readonly summary: JsonObject }> => {
    // A name that begins alike may come with it.
    const { items } = await store.list({ prefix: name, order: "oldest", limit: 1 });
    const found = items[0];
    return found?.name === name ? found : { version: 0, summary: {} };
  };

  const save = async (checks: RememberedChecks, token: number): Promise<void> => {
    const { version } = await stream();
    const begun = { type: "health.remembered", at: new Date(await store.now()).toISOString(), data: { application, environment } };
    const events = version === 0 ? sealEvents(name, emptyHead, [begun]).events : [];
    await store.commit({ streams: [{ name, expectedVersion: version, events, summary: { checks } }], fence: { lease: name, token } });
  };

  return Object.freeze<HealthMemory>({
    async load() {
      const { checks } = (await stream()).summary;
      return isRemembered(checks) ? checks : {};
    },
    async claim(ttl) {
      const answer = await store.leases.acquire({ ...lease, ttl });
      if (!answer.granted) return undefined;
      const held = answer.lease;
      return {
        save: (checks) => save(checks, held.token),
        release: () => store.leases.release(held),
      } satisfies MemoryClaim;
    },
  });
}

function isRemembered(value: unknown): value is RememberedChecks {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((record) => typeof record === "object")
  );
}
