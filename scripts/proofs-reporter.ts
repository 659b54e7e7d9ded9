import type { Reporter, TestCase, TestModule } from "vitest/node";

/** What always holds for a deployment. */
const invariants = {
  I1: "one claim per environment; never two deployments under way in it",
  I2: "no effect without a durable intent of that attempt, before its deadline",
  I3: "a write with an old token is refused",
  I4: "what is done is not done again",
  I5: "no effect twice",
  I6: "rolled back: no effect remains; succeeded: all do; never begun: none was",
  I7: "taken back in the reverse order of the intents",
  I8: "after an abort nothing more is begun",
  I9: "what waits or has ended holds neither claim nor lease",
  I10: "from everywhere an end can be reached",
  I11: "what has ended stays as it is",
  I12: "the journal folds to what is kept; its hashes hold, without gaps",
  I13: "the same key is the same deployment",
  I14: "what runs is the plan that was approved, in its order",
  I15: "a plan writes nothing anywhere",
  I16: "nothing serves before it was verified",
  I17: "what serves changes only with the end of a deployment",
  I18: "no verdict of success without enough data",
  I19: "time in which it is paused counts for no deadline",
  I20: "every command is in the journal, with who gave it; no secret is",
  I21: "taking back twice is taking back once",
  I22: "clocks that jump and databases that restart make no second holder",
  I23: "who waits is told that it was superseded or has expired",
  I24: "what is said about a way back is what is done",
} as const;

interface Declared {
  readonly kind: string;
  readonly invariants: readonly string[];
}

/**
 * Closes a run with a table of what was proved, made of what the tests say that they prove and nothing else. With `FAIRLEAD_PROOFS=1`, in a run of everything, an invariant without a test that has
 * passed is a failure.
 */
export default class ProofsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const proofs = modules.flatMap((module) => [...module.children.allTests("passed")].flatMap(proofOf));
    const unknown = proofs.filter(({ invariant }) => !(invariant in invariants));
    const isWhole = process.env["FAIRLEAD_PROOFS"] === "1";
    if (proofs.length === 0 && !isWhole) return;

    console.log("\nProved:");
    const missing: string[] = [];
    for (const [invariant, what] of Object.entries(invariants)) {
      const found = proofs.filter((proof) => proof.invariant === invariant);
      if (found.length === 0) missing.push(invariant);
      if (found.length === 0 && !isWhole) continue;
      console.log(`  ${invariant.padEnd(3)}  ${what}`);
      for (const line of linesOf(found)) console.log(`         ${line}`);
      if (found.length === 0) console.log("         NOT PROVED");
    }
    for (const { invariant, test } of unknown) console.log(`${test} proves ${invariant}, which is no invariant`);
    if (unknown.length > 0 || (isWhole && missing.length > 0)) process.exitCode = 1;
  }
}

interface ProofOf {
  readonly invariant: string;
  readonly kind: string;
  readonly file: string;
  readonly test: string;
}

/** One line per kind and file: the first test by its name, and how many others there are. */
function linesOf(proofs: readonly ProofOf[]): readonly string[] {
  const places = new Map<string, Set<string>>();
  for (const { kind, file, test } of proofs) {
    const place = `${kind.padEnd(10)}  ${file}`;
    places.set(place, new Set([...(places.get(place) ?? []), test]));
  }
  return [...places].map(([place, [first = "", ...others]]) => {
    const more = others.length === 0 ? "" : ` (and ${String(others.length)} more)`;
    return `${place} > ${first}${more}`;
  });
}

function proofOf(test: TestCase): ProofOf[] {
  const meta = test.meta() as { readonly proof?: Declared };
  const { proof } = meta;
  if (proof === undefined) return [];
  const about = { kind: proof.kind, file: test.module.relativeModuleId, test: nameOf(test) };
  return proof.invariants.map((invariant) => ({ invariant, ...about }));
}

/** Tests that differ in their seed alone are one proof. */
function nameOf({ fullName }: TestCase): string {
  return fullName.replace(/: seed \d+$/, "");
}
