import type { DeploymentCall } from "../../src/contract/call.js";
import type { Direction } from "../../src/contract/deployment-events.js";
import { defineErrors, error, fail } from "../../src/errors/index.js";
import { hasEnded, stepsOf } from "../../src/machine/index.js";
import type { Process } from "./process.js";
import type { VirtualTime } from "./virtual-time.js";
import type { Witness } from "./witness.js";

/** What becomes of a call that acts. Times in milliseconds. */
export type ActFault =
  /** It takes effect after so long, and answers. */
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** It is refused for good, and takes no effect. */
  | { readonly kind: "refused" }
  /** It takes no effect; it may be tried again. */
  | { readonly kind: "unwell" }
  /** It takes effect, and says that it may be tried again. */
  | { readonly kind: "lost" }
  /** Its connection breaks; it takes effect so much later. */
  | { readonly kind: "late"; readonly milliseconds: number }
  /** It never answers; it takes effect so long after it was given up, or not at all. */
  | { readonly kind: "silent"; readonly milliseconds: number | null };

export type AskFault = "none" | "unwell" | "silent" | "refused";

const outsideErrors = defineErrors({
  OUTSIDE_REFUSED: error({ status: 400, retryable: false, message: () => "It was refused.", hint: () => "Nothing." }),
  OUTSIDE_UNWELL: error({ status: 503, retryable: true, message: () => "It is not well.", hint: () => "Nothing." }),
});
const refused = () => fail(outsideErrors, "OUTSIDE_REFUSED", {});
const unwell = () => fail(outsideErrors, "OUTSIDE_UNWELL", {});

/** Nothing takes effect any more so long after its attempt has ended, in milliseconds. */
export const settleTime = 1_000;

interface Call {
  readonly process: Process;
  /** Its process is gone. */
  readonly leave: () => void;
}

/** What is done to the outside, with what went wrong on the way. */
export interface Outside {
  /** A call that acts: `land` makes it take effect. */
  act<Result>(
    process: Process,
    call: Pick<DeploymentCall, "idempotencyKey" | "signal">,
    direction: Direction,
    land: () => Result,
  ): Promise<Result>;
  /** A call that asks. */
  ask<Result>(process: Process, signal: AbortSignal, answer: () => Result): Promise<Result>;
  /** Calls of a process that died take effect soon or never. */
  died(process: Process): void;
  /** From here on nothing goes wrong any more. */
  calm(): void;
  /** What took effect, in order. */
  readonly ledger: readonly string[];
}

export function createOutside({
  time,
  witness,
  acts,
  asks,
}: {
  readonly time: VirtualTime;
  readonly witness: Witness;
  readonly acts: readonly ActFault[];
  readonly asks: readonly AskFault[];
}): Outside {
  const ledger: string[] = [];
  const calls = new Set<Call>();
  let nextActs = [...acts];
  let nextAsks = [...asks];

  const requireMayCall = (deployment: string, step: string, direction: Direction): void => {
    const attempt = witness.stateOf(deployment)?.steps[step]?.[direction];
    const deadline = witness.deadlineOf(deployment, step, direction);
    if (attempt === undefined || attempt.attempt === 0 || deadline === undefined)
      witness.violations.push(`${direction} ${step} of ${deployment} was called without an intent`);
    else if (deadline < time.now()) witness.violations.push(`${direction} ${step} of ${deployment} was called after its deadline`);
  };

  const attemptOf = (deployment: string, step: string, direction: Direction): number =>
    witness.stateOf(deployment)?.steps[step]?.[direction].attempt ?? 0;

  const took = (deployment: string, step: string, direction: Direction): void => {
    ledger.push(`${direction} ${deployment}/${step}`);
    const state = witness.stateOf(deployment);
    const planned = state === undefined ? undefined : stepsOf(state.plan).find(({ id }) => id === step);
    if (state !== undefined && hasEnded(state.phase) && state.phase !== "abandoned")
      witness.violations.push(`${direction} ${step} of ${deployment} took effect after it ${state.phase}`);
    if (planned?.operation === "target.promote" && direction === "forward") {
      const verified = state?.steps[`${String(planned.component)}.verify`]?.forward.status;
      if (verified !== "succeeded") witness.violations.push(`${step} of ${deployment} served before it was verified`);
    }
  };

  return {
    ledger,
    act(process, { idempotencyKey, signal }, direction, land) {
      const [deployment = "", step = ""] = idempotencyKey.split("/");
      requireMayCall(deployment, step, direction);
      const over = (witness.deadlineOf(deployment, step, direction) ?? 0) + settleTime;
      const fault = nextActs.shift() ?? { kind: "slow", milliseconds: 0 };
      const attempt = attemptOf(deployment, step, direction);
      const landNow = (): ReturnType<typeof land> => {
        took(deployment, step, direction);
        const isLate =
          attemptOf(deployment, step, direction) > attempt || (direction === "forward" && attemptOf(deployment, step, "undo") > 0);
        if (isLate) witness.violations.push(`${direction} ${step} of ${deployment} took effect when something else had been begun`);
        return land();
      };
      const landIn = (milliseconds: number): void => {
        if (time.now() + milliseconds < over) time.at(time.now() + milliseconds, landNow);
      };
      return process.receive(
        new Promise((resolve, reject) => {
          let forget = (): void => undefined;
          const end = (): void => {
            forget();
            calls.delete(running);
            signal.removeEventListener("abort", onAbort);
          };
          const giveUp = (): void => {
            end();
            if (fault.kind === "silent" && fault.milliseconds !== null) landIn(fault.milliseconds);
          };
          const onAbort = (): void => {
            giveUp();
            reject(signal.reason as Error);
          };
          // What has been sent arrives, also where its sender is gone.
          const leave = (): void => {
            giveUp();
            if (fault.kind === "slow") landIn(Math.min(fault.milliseconds, settleTime - 500));
          };
          const running: Call = { process, leave };
          const answers: { readonly [Kind in ActFault["kind"]]: () => void } = {
            slow: () => {
              resolve(landNow());
            },
            refused: () => {
              reject(refused());
            },
            unwell: () => {
              reject(unwell());
            },
            lost: () => {
              landNow();
              reject(unwell());
            },
            late: () => {
              if (fault.kind === "late") landIn(fault.milliseconds);
              reject(new Error("socket hang up"));
            },
            silent: () => undefined,
          };
          if (signal.aborted) {
            onAbort();
            return;
          }
          calls.add(running);
          signal.addEventListener("abort", onAbort, { once: true });
          const after = fault.kind === "slow" ? fault.milliseconds : 0;
          if (fault.kind === "silent" || time.now() + after >= over) return;
          forget = time.at(time.now() + after, () => {
            end();
            try {
              answers[fault.kind]();
            } catch (thrown) {
              reject(new Error("the provider refuses", { cause: thrown }));
            }
          });
        }),
      );
    },
    ask(process, signal, answer) {
      const fault = nextAsks.shift() ?? "none";
      return process.receive(
        new Promise((resolve, reject) => {
          if (fault === "none") resolve(answer());
          else if (fault !== "silent") reject(fault === "unwell" ? unwell() : refused());
          else
            signal.addEventListener(
              "abort",
              () => {
                reject(signal.reason as Error);
              },
              { once: true },
            );
        }),
      );
    },
    died(process) {
      for (const call of [...calls]) if (call.process === process) call.leave();
    },
    calm() {
      nextActs = [];
      nextAsks = [];
    },
  };
}
