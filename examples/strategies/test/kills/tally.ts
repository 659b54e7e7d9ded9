import { isDeepStrictEqual } from "node:util";
import { effectsLeft, effectsTwice } from "./evidence.ts";
import type { Ending } from "./lane.ts";
import { caseName, type Case } from "./plays.ts";

/** To close what is closed changes nothing, and there is nothing to look at beforehand. */
function isHarmless(request: string): boolean {
  return /^\S+\.shift\.close: DELETE /.test(request);
}

/** Whether every process comes by there. With how many commits what is logged is written depends on how long things take, and a process may have ended before it dies of what is under way. */
function isCertain({ deaths: [death], ending }: Case): boolean {
  return (
    death !== undefined && death.moment !== "during" && death.nth <= ending.passed.filter((name) => !name.endsWith("log.written")).length
  );
}

/** Adds up what came of cases. */
export interface Tally {
  /** Counts a case, also one that breaks off, and answers what is wrong with it. */
  judge(tried: Case, performing: Promise<Ending>): Promise<readonly string[]>;
  readonly kills: number;
  /** What is wrong, by the name of the case. */
  readonly problems: readonly (readonly [string, readonly string[]])[];
  /** What there is to say, line by line. */
  lines(): readonly string[];
}

export function createTally(): Tally {
  const sums = { cases: 0, kills: 0, converged: 0, twice: 0, left: 0, repeated: 0, closed: 0 };
  const times: number[] = [];
  const problems: (readonly [string, readonly string[]])[] = [];
  const add = (tried: Case, ending: Ending): readonly string[] => {
    const { evidence: expected, phase } = tried.ending;
    const { evidence } = ending;
    const twice = effectsTwice(evidence);
    const repeated = evidence.repeated.filter((request) => !isHarmless(request));
    const left = phase === "rolled_back" ? effectsLeft(evidence) : 0;
    sums.kills += ending.kills.length;
    sums.twice += twice;
    sums.left += left;
    sums.repeated += repeated.length;
    sums.closed += evidence.repeated.length - repeated.length;
    if (ending.actedAfter !== null) times.push(ending.actedAfter);
    return [
      ...(ending.kills.length > 0 || !isCertain(tried) ? [] : ["nobody was killed"]),
      ...(ending.phase === phase ? [] : [`ended ${ending.phase} and not ${phase}: ${ending.reason}`]),
      ...(ending.kills.length === 0 || ending.next === "succeeded" ? [] : [`the next deployment: ${ending.next}`]),
      ...(twice === 0 ? [] : [`${twice} effects twice: ${evidence.effects.join("; ")}`]),
      ...(repeated.length === 0 ? [] : [`asked once more for what had been done: ${repeated.join("; ")}`]),
      ...(left === 0 ? [] : [`${left} effects left: ${JSON.stringify(evidence.services)}`]),
      ...(isDeepStrictEqual(evidence.services, expected.services) ? [] : [`the edge is left so: ${JSON.stringify(evidence.services)}`]),
      ...(isDeepStrictEqual(evidence.effects.toSorted(), expected.effects.toSorted())
        ? []
        : [`it did not do the same: ${evidence.effects.join("; ")}`]),
    ];
  };
  return {
    async judge(tried, performing) {
      sums.cases += 1;
      const found = await performing.then(
        (ending) => add(tried, ending),
        (error: unknown) => [error instanceof Error ? error.message : String(error)],
      );
      if (found.length === 0) sums.converged += 1;
      else problems.push([caseName(tried), found]);
      return found;
    },
    get kills() {
      return sums.kills;
    },
    problems,
    lines() {
      const sorted = times.toSorted((one, other) => one - other);
      const at = (share: number): string => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)} ms`;
      return [
        `kills:            ${sums.kills} in ${sums.cases} deployments`,
        `converged:        ${sums.converged} of ${sums.cases}`,
        `effects twice:    ${sums.twice}`,
        `effects left:     ${sums.left} after what was taken back`,
        `asked once more:  ${sums.repeated} times for what had been done; ${sums.closed} times to close a shift, which is how it is made sure that it is`,
        `acting again:     ${at(0.5)} median, ${at(0.99)} in 99 %, ${at(1)} at most, from the start of the process (100 ms of it are left to what may still land)`,
      ];
    },
  };
}
