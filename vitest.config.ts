import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const sourceConditions = ["@fairlead/source"];

/** Every package is tested from its sources: no build stands between a change and its test. */
const source = {
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
};

const integrationTests = ["{packages,tools}/**/*.integration.test.ts", "packages/*/test/**/*.test.ts"];
const matrixTests = ["{packages,tools,examples}/**/*.matrix.test.ts"];
const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const never = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    pool: "forks",
    // Most tests wait for others more than they work.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    reporters: ["default", "./scripts/proofs-reporter.ts", "./scripts/totals-reporter.ts"],
    passWithNoTests: true,
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.test-d.ts", "packages/core/src/contract/**"],
      reporter: ["text-summary", "json-summary", "html"],
      thresholds: { lines: 80 },
    },
    projects: [
      {
        ...source,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [...never, ...integrationTests, ...matrixTests],
          testTimeout: 10_000,
        },
      },
      {
        ...source,
        test: {
          name: "integration",
          include: integrationTests,
          exclude: [...never, ...matrixTests],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...source,
        test: {
          name: "examples",
          include: ["examples/**/*.test.ts"],
          exclude: [...never, ...matrixTests],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Behind all others: a shop with all its servers is slow beside the tests of everything.
          sequence: { groupOrder: 1 },
        },
      },
      {
        ...source,
        test: {
          name: "matrix",
          include: matrixTests,
          exclude: never,
          testTimeout: 20 * 60_000,
          hookTimeout: 120_000,
          // What is killed and cut off here has deadlines of its own. The whole of it is alone on the machine, a sample need not be.
          ...(isWhole ? { sequence: { groupOrder: 2 }, fileParallelism: false } : { sequence: { groupOrder: 1 } }),
        },
      },
      {
        ...source,
        test: {
          name: "repository",
          include: ["scripts/**/*.test.ts"],
          exclude: never,
          testTimeout: 120_000,
        },
      },
      {
        ...source,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ["{packages,examples}/**/*.test-d.ts"],
            exclude: never,
            tsconfig: "tsconfig.types.json",
          },
        },
      },
    ],
  },
});
