import { memoryStore, image, type Store } from "../../../src/index.js";
import { storeSuite } from "@fairlead/testing/conformance";
import { createTestClock } from "../../cli/test-clock.js";
import { createScene } from "../../deployer/scene.js";
import { explore } from "../explore.js";
import { scenarios } from "../scenarios.js";

// Holds the sources, from which something may have been cut, against what they promise. Says what is broken on its last line, and nothing if nothing is.

function proveMachine(): void {
  for (const [name, { plan, limits, ends }] of Object.entries(scenarios)) {
    // The longest finds nothing that the others do not.
    if (name === "gates that are left") continue;
    const explored = explore(plan, limits);
    if (String(explored.ends) !== String(ends)) throw new Error(`${name}: it ends ${String(explored.ends)}`);
  }
}

async function proveStore(): Promise<void> {
  const cases: (readonly [name: string, run: () => Promise<void>])[] = [];
  const clock = createTestClock();
  storeSuite(
    { test: (...one) => cases.push(one) },
    { create: () => ({ store: memoryStore({ clock }), clock, dispose: () => Promise.resolve() }) },
  );
  for (const [name, run] of cases) {
    try {
      await run();
    } catch (error) {
      // A memory store cannot be opened twice.
      if (!String(error).includes("reopen")) throw new Error(name, { cause: error });
    }
  }
}

async function proveWaiting(): Promise<void> {
  const clock = createTestClock();
  const store: Store = memoryStore({ clock });
  const { deployer } = createScene({ clock, store, environment: { approvals: {} } });
  await deployer.deploy({ environment: "development", source: image("shop:1") });
  if ((await store.claimOf("shop/development")) !== undefined) throw new Error("what waits for people has the claim");
}

const proofs: Readonly<Record<string, () => unknown>> = { machine: proveMachine, store: proveStore, waiting: proveWaiting };
try {
  await proofs[process.argv[2] ?? ""]?.();
} catch (error) {
  console.log((error as Error).message);
}
process.exit();
