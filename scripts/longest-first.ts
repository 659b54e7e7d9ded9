import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest of the tests that come last, the longest first: of a run's end nobody waits for one file alone. The run says which they are. */
const longest = [
  "examples/quickstart/quickstart.test.ts",
  "examples/quickstart/test/channels-down.test.ts",
  "examples/quickstart/test/kill.matrix.test.ts",
  "examples/servers/test/fleet.matrix.test.ts",
  "examples/quickstart/test/canary.matrix.test.ts",
  "packages/plugin-docker/test/kill.matrix.test.ts",
  "examples/quickstart/test/faults.matrix.test.ts",
  "examples/quickstart/test/wires.matrix.test.ts",
];

/** The order of the files within a project: the longest, then all others as Vitest orders them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
  return place === -1 ? longest.length : place;
}
