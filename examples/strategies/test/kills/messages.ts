import type { StrategyName } from "../../shop.ts";
import type { Death } from "./boundaries.ts";

/** What becomes of the release that is deployed: it stays, or it is found to be unwell while both serve, or when it alone does. */
export type Fate = "stays" | "unwell while shared" | "unwell when serving";

/** Where and what a process deploys. */
export interface Scene {
  readonly application: string;
  readonly strategy: StrategyName;
  readonly fate: Fate;
  readonly store: { readonly kind: "sqlite" | "postgres"; readonly address: string };
  readonly edge: { readonly url: string; readonly token: string };
  readonly addresses: Readonly<Record<string, string>>;
}

/** What a process is asked to do. `begin`: deploy `shop:1`, and over it `shop:2`. `recover`: go on with what another one left. `go on`: deploy `shop:3` with what `recover` has opened. */
export type Order =
  { readonly kind: "begin" | "recover"; readonly scene: Scene; readonly death: Death | undefined } | { readonly kind: "go on" };

/** What came of it. */
export type Answer =
  | { readonly kind: "ready"; readonly bootTime: number }
  | {
      readonly kind: "done";
      /** How the newest deployment ended. */
      readonly phase: string;
      /** Why not otherwise, for people. */
      readonly reason: string;
      /** Boundaries that were passed since the death was due, by name. */
      readonly passed: readonly string[];
      /** From the order to the first action of a recovery, in milliseconds; `null`: there was nothing to act on. */
      readonly actedAfter: number | null;
    }
  | { readonly kind: "failed"; readonly reason: string };
