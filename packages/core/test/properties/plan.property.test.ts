import { proves } from "@fairlead/test-support";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { memoryStore, type Store } from "../../src/index.js";
import { stepsOf } from "../../src/machine/index.js";
import { createOutside } from "./outside.js";
import { createProcess } from "./process.js";
import { settings } from "./script.js";
import { createShop, createShopDeployer, sourceOf } from "./shop.js";
import { createVirtualTime } from "./virtual-time.js";
import { createWitness } from "./witness.js";

/** A store that says what is written to it. */
function spied(store: Store, written: string[]): Store {
  const spy =
    <Parameters extends readonly unknown[], Result>(name: string, use: (...parameters: Parameters) => Result) =>
    (...parameters: Parameters): Result => {
      written.push(name);
      return use(...parameters);
    };
  const { leases, outbox } = store;
  return {
    ...store,
    commit: spy("commit", store.commit),
    leases: {
      ...leases,
      acquire: spy("acquire", leases.acquire),
      renew: spy("renew", leases.renew),
      release: spy("release", leases.release),
    },
    outbox: { ...outbox, lease: spy("lease", outbox.lease), settle: spy("settle", outbox.settle), revive: spy("revive", outbox.revive) },
  };
}

test("a plan writes nothing, neither in the store nor outside, whatever it is of", async (context) => {
  proves(context, "property", "I15");
  await fc.assert(
    fc.asyncProperty(settings, fc.boolean(), async (setting, isFirst) => {
      const time = createVirtualTime();
      const store = memoryStore({ clock: time });
      const witness = createWitness({ store, time, channel: "board" });
      const outside = createOutside({ time, witness, acts: [], asks: [] });
      const shop = createShop();
      const planOf = (deployment: string) => {
        const state = witness.stateOf(deployment);
        return state === undefined ? [] : stepsOf(state.plan);
      };
      const deployerOn = (name: string, on: Store) => {
        const process = createProcess({
          name,
          time,
          store: on,
          commit: name === "planner" ? (_, commit) => on.commit(commit) : witness.commit,
        });
        return createShopDeployer({ setting, shop, outside, process, planOf });
      };
      if (!isFirst) {
        void deployerOn("worker", store).deploy({ environment: "staging", accept: "irreversible" });
        await time.pass(30_000);
      }
      const done = outside.ledger.length;
      const written: string[] = [];
      const planner = deployerOn("planner", spied(store, written));
      const planning = planner.plan({
        environment: "staging",
        source: Object.fromEntries(Object.keys(shop.serving).map((name) => [name, sourceOf(2)])),
      });
      await time.pass(1_000);
      expect((await planning).application).toBe("shop");
      await planner.close();
      expect([written, outside.ledger.length]).toEqual([[], done]);
    }),
    { seed: 1, numRuns: 100 },
  );
});
