import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const sourceConditions = ["@fairlead/source"];

/** Every package is tested from its sources: no build stands between a change and its test. */
const source = {
  resolve: { conditions: sourceConditions },
  ssr: { resolve: { conditions: sourceConditions } },
};

/** Most tests wait for others more than they work. */
const most = Math.ceil(availableParallelism() * 1.5);
/** What has deadlines in real time, a Docker engine or a shop with all its servers, comes behind the others and has a processor for itself. */
const alone = { maxWorkers: availableParallelism(), sequence: { groupOrder: 1 } };

const integrationTests = ["{packages,tools}/**/*.integration.test.ts", "packages/*/test/**/*.test.ts"];
const dockerTests = ["packages/plugin-docker/test/**/*.test.ts"];
const matrixTests = ["{packages,tools,examples}/**/*.matrix.test.ts"];
/** Matrices whose processes have deadlines of their own, of which many run at once: the whole of them has the machine for itself, a sample need not have it. */
const aloneMatrixTests = ["examples/**/*.matrix.test.ts", "packages/plugin-docker/test/*.matrix.test.ts"];
const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const isCut = process.env["FAIRLEAD_MATRIX_CUT"] === "1";
/** What takes long and says the same with every version. */
const longOnPostgres15 = ["store-*", "killed.matrix", "crew.matrix", "pooler*"].map(
  (name) => `packages/plugin-postgres/test/${name}.test.ts`,
);
/** What the oldest PostgreSQL is tried with in each run; `npm run test:matrix` tries everything with it. */
const partOnPostgres15 = ["apply", "drift", "locks.matrix", "runners", "survival.matrix", "verification"].map(
  (name) => `packages/plugin-postgres/test/${name}.test.ts`,
);
/** What has a version of its own, or no server. */
const anyVersion = ["**/*dumps.matrix.test.ts", "**/lint-oracle.test.ts"];
/** What is polled for may take a while on a machine that has much to do. */
const expect = { poll: { timeout: 90_000 } };
const never = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    pool: "forks",
    reporters: ["default", "./scripts/proofs-reporter.ts", "./scripts/totals-reporter.ts"],
    passWithNoTests: true,
    globalSetup: "./scripts/temporary-folder.ts",
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
          testTimeout: 60_000,
          // They leave nothing behind in their process, so it need not be started for each file.
          isolate: false,
          maxWorkers: most,
        },
      },
      {
        ...source,
        test: {
          name: "integration",
          include: integrationTests,
          expect,
          exclude: [...never, ...matrixTests, ...dockerTests],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // Starting a process and loading core anew for each of 150 files is a second of work per file; a file ends what it starts.
          isolate: false,
          maxWorkers: most,
        },
      },
      {
        ...source,
        test: {
          name: "docker",
          include: dockerTests,
          exclude: [...never, ...matrixTests],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          ...alone,
        },
      },
      {
        ...source,
        test: {
          name: "examples",
          include: ["examples/**/*.test.ts"],
          exclude: [...never, ...matrixTests],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          ...alone,
        },
      },
      {
        ...source,
        test: {
          name: "matrix",
          include: matrixTests,
          exclude: [...never, ...aloneMatrixTests],
          testTimeout: 20 * 60_000,
          hookTimeout: 300_000,
          // A sample of them runs among the others.
          ...(isWhole ? alone : { maxWorkers: most }),
        },
      },
      {
        ...source,
        test: {
          name: "matrix-alone",
          include: aloneMatrixTests,
          exclude: never,
          testTimeout: 20 * 60_000,
          hookTimeout: 300_000,
          ...(isWhole ? { fileParallelism: false, sequence: { groupOrder: 2 } } : alone),
        },
      },
      {
        ...source,
        test: {
          name: "matrix-postgres-15",
          env: { FAIRLEAD_POSTGRES: "15" },
          expect,
          include: isWhole ? ["packages/plugin-postgres/test/**/*.test.ts"] : partOnPostgres15,
          exclude: [...never, ...anyVersion, ...(isCut ? longOnPostgres15 : [])],
          testTimeout: isWhole ? 20 * 60_000 : 180_000,
          hookTimeout: 300_000,
          ...(isWhole ? alone : { maxWorkers: most }),
        },
      },
      {
        ...source,
        test: {
          name: "repository",
          include: ["scripts/**/*.test.ts"],
          exclude: never,
          testTimeout: 180_000,
          maxWorkers: most,
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
