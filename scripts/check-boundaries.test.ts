import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ESLint, Linter } from "eslint";
import ts from "typescript";
import typescript from "typescript-eslint";
import { describe, expect, test } from "vitest";

import { floors } from "../tools/eslint-rules/floors.js";
import { fairlead } from "../tools/eslint-rules/index.js";

const root = join(import.meta.dirname, "..");
const inPackages = (path: string) => join(root, "packages", path);

describe("pnpm: a package finds what it declares and nothing else", () => {
  /** Asks Node itself, in the folder of the package. */
  const isInstalledFor = (packageName: string, dependency: string) =>
    spawnSync(process.execPath, ["--input-type=module", "--eval", `import.meta.resolve("${dependency}")`], { cwd: inPackages(packageName) })
      .status === 0;

  test.each([
    ["plugin-postgres", "pg"],
    ["plugin-postgres", "@fairlead/core"],
    ["plugin-docker", "dockerode"],
  ])("%s finds %s, which it declares", (packageName, dependency) => {
    expect(isInstalledFor(packageName, dependency)).toBe(true);
  });

  test.each([
    ["plugin-docker", "pg"],
    ["plugin-docker", "@fairlead/plugin-postgres"],
    ["core", "@vercel/client"],
    ["core", "@fairlead/plugin-docker"],
    ["testing", "@fairlead/plugin-notify"],
  ])("%s does not find %s, which it does not declare", (packageName, dependency) => {
    expect(isInstalledFor(packageName, dependency)).toBe(false);
  });
});

describe("TypeScript: a project sees its own sources and the entry points of the others", () => {
  /** An entry point that was found, of a project whose types nobody has built: the type check runs beside the tests, and may come to it later. */
  const notBuiltYet = 6305;

  /** What was read and bound for one check is not read for the next. */
  const known = new Map<string, ts.SourceFile | undefined>();

  /** The codes of the errors that a file with this content would raise as a part of the project of a package's sources. */
  function check(packageName: string, content: string): readonly number[] {
    const configFile = inPackages(`${packageName}/tsconfig.src.json`);
    const file = inPackages(`${packageName}/src/boundary-probe.ts`);
    const config = ts.getParsedCommandLineOfConfigFile(configFile, {}, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
    if (config === undefined) throw new Error(`${configFile} cannot be read`);

    const host = ts.createCompilerHost(config.options);
    const { fileExists, readFile, getSourceFile } = host;
    host.fileExists = (path) => path === file || fileExists(path);
    host.readFile = (path) => (path === file ? content : readFile(path));
    host.getSourceFile = (path, options, ...rest) => {
      if (path === file) return ts.createSourceFile(path, content, options);
      if (!known.has(path)) known.set(path, getSourceFile(path, options, ...rest));
      return known.get(path);
    };
    const program = ts.createProgram({
      rootNames: [file],
      options: { ...config.options, noEmit: false },
      host,
      ...(config.projectReferences === undefined ? {} : { projectReferences: config.projectReferences }),
    });
    const source = program.getSourceFile(file);
    const diagnostics = [
      ...program.getOptionsDiagnostics(),
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics
      .filter((diagnostic) => diagnostic.file === undefined || diagnostic.file === source)
      .map(({ code }) => code)
      .filter((code) => code !== notBuiltYet);
  }

  test("an import of an entry point compiles", () => {
    expect(check("plugin-docker", `import type {} from "@fairlead/core"; export {};`)).toEqual([]);
  });

  test("a relative import into another package is an error", () => {
    const codes = check("plugin-docker", `export type * from "../../plugin-postgres/src/index.js";`);
    expect(codes.some((code) => code === 6059 || code === 6307)).toBe(true);
  });

  test.each(["@fairlead/core/src/index.js", "@fairlead/core/dist/index.js", "@fairlead/plugin-postgres"])(
    "an import of %s is an error",
    (specifier) => {
      expect(check("plugin-docker", `export type * from "${specifier}";`)).toContain(2307);
    },
  );
});

describe("lint: the rule that was broken names itself", () => {
  // Our own rules ask for no types: nothing is type-checked for them.
  const eslint = new ESLint({ cwd: root, overrideConfig: [typescript.configs.disableTypeChecked] });

  /** What the boundary rules say about a file if this were its content. The file must exist, its content does not matter. */
  async function lint(path: string, content: string): Promise<readonly string[]> {
    const [result] = await eslint.lintText(content, { filePath: join(root, path) });
    return (result?.messages ?? []).filter(({ ruleId }) => ruleId?.startsWith("fairlead/")).map(({ message }) => message);
  }

  test.each([
    ["packages/plugin-docker/src/index.ts", "@fairlead/plugin-postgres", "`plugin-docker` may not import `@fairlead/plugin-postgres`"],
    ["packages/plugin-docker/src/index.ts", "@fairlead/testing", "`plugin-docker` may not import `@fairlead/testing`"],
    ["packages/plugin-docker/src/index.ts", "@fairlead/test-support", "`plugin-docker` may not import `@fairlead/test-support`"],
    ["packages/plugin-docker/src/index.ts", "@fairlead/core/src/index.js", "is not an entry point of its package"],
    ["packages/plugin-docker/src/index.ts", "../../core/src/index.js", "leaves the package"],
    ["packages/testing/src/index.ts", "@fairlead/plugin-notify", "`testing` may not import `@fairlead/plugin-notify`"],
    ["packages/core/src/index.ts", "@fairlead/testing", "`core` may not import `@fairlead/testing`"],
  ])("%s may not import %s", async (path, specifier, message) => {
    expect(await lint(path, `export * from "${specifier}";`)).toEqual([expect.stringContaining(message)]);
    expect(await lint(path, `void import("${specifier}");`)).toEqual([expect.stringContaining("fairlead/package-boundaries: ")]);
  });

  test.each([
    ["packages/plugin-docker/src/index.ts", "@fairlead/core"],
    ["packages/plugin-docker/src/index.ts", "dockerode"],
    ["packages/testing/src/index.ts", "@fairlead/core"],
  ])("%s may import %s", async (path, specifier) => {
    expect(await lint(path, `export * from "${specifier}";`)).toEqual([]);
  });

  test.each([
    ["errors", "../contract/index.js", "`errors` (floor 1) may not import `contract` (floor 2)"],
    ["contract", "../engine/index.js", "`contract` (floor 2) may not import `engine` (floor 6)"],
    ["contract", "../index.js", "those are the roof"],
    ["contract", "../no-such-folder/index.js", "`no-such-folder` has no floor yet"],
  ])("core's %s may not import %s", async (folder, specifier, message) => {
    const path = `packages/core/src/${folder}/index.ts`;
    expect(await lint(path, `export * from "${specifier}";`)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    ["contract", "../errors/index.js"],
    ["errors", "../time/index.js"],
  ])("core's %s may import %s", async (folder, specifier) => {
    expect(await lint(`packages/core/src/${folder}/index.ts`, `export * from "${specifier}";`)).toEqual([]);
  });

  test("an import upwards is found in a type as well", async () => {
    expect(await lint("packages/core/src/errors/index.ts", `export type Plan = import("../plan/index.js").Plan;`)).toHaveLength(1);
  });

  /** The same rules without types, for files that need not exist. */
  function lintAlone(path: string, specifier: string): readonly string[] {
    const rules = { "fairlead/floors": "error", "fairlead/package-boundaries": "error" } as const;
    const messages = new Linter({ cwd: root }).verify(
      `import "${specifier}";`,
      [{ files: ["**/*.ts"], plugins: { fairlead }, rules }],
      join(root, path),
    );
    return messages.map(({ message }) => message);
  }

  test.each([
    ["packages/core/src/health/create-health.ts", "../engine/index.js", "`health` stands alone and may import only"],
    ["packages/core/src/env/define-env.ts", "../config/index.js", "`env` stands alone and may import only"],
    ["packages/core/src/cli/run-cli.ts", "../roofless.js", "those are the roof"],
    ["packages/plugin-postgres/src/ledger/ledger.ts", "../run/run-migration.js", "`ledger` (floor 3) may not import `run` (floor 6)"],
    [
      "packages/plugin-postgres/src/connection/session.ts",
      "../options.js",
      "`connection` may not import `options.ts`, which is on the same floor",
    ],
    [
      "packages/plugin-postgres/src/postgres-errors.ts",
      "./connection/session.js",
      "`errors` (floor 1) may not import `connection` (floor 2)",
    ],
    ["packages/plugin-postgres/src/commands/index.ts", "../postgres.js", "those are the roof"],
    ["packages/plugin-postgres/src/store/commit.ts", "../ledger/ledger.js", "`store` stands alone and may import only"],
    ["packages/plugin-postgres/src/new-folder/one.ts", "../errors.js", "`new-folder` has no floor yet"],
    ["examples/quickstart/deploy.ts", "../../packages/core/src/index.js", "leaves the package"],
    ["examples/quickstart/deploy.ts", "@fairlead/core/src/index.js", "is not an entry point of its package"],
    [
      "packages/plugin-docker/src/target.test.ts",
      "@fairlead/plugin-postgres",
      "`plugin-docker` may not import `@fairlead/plugin-postgres`",
    ],
  ])("%s may not import %s", (path, specifier, message) => {
    expect(lintAlone(path, specifier)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    ["packages/core/src/health/create-health.ts", "../contract/index.js"],
    ["packages/core/src/cli/run-cli.ts", "../engine/index.js"],
    ["packages/core/src/create-deployer.ts", "./cli/index.js"],
    ["packages/plugin-postgres/src/run/run-migration.ts", "../postgres-errors.js"],
    ["packages/plugin-postgres/src/postgres-errors.ts", "./diff-errors.js"],
    ["packages/plugin-postgres/src/run/run-migration.ts", "./run-steps.js"],
    ["packages/plugin-postgres/src/postgres.ts", "./commands/index.js"],
    ["examples/quickstart/deploy.ts", "@fairlead/plugin-postgres"],
    ["packages/plugin-docker/src/target.test.ts", "@fairlead/testing"],
    ["packages/plugin-docker/src/target.test.ts", "@fairlead/test-support"],
  ])("%s may import %s", (path, specifier) => {
    expect(lintAlone(path, specifier)).toEqual([]);
  });

  test("ARCHITECTURE.md shows the floors that the rule holds", () => {
    const rows = readFileSync(join(root, "ARCHITECTURE.md"), "utf8").matchAll(/^\|\s+\d+ \| (.+?) \|/gm);
    const documented = Array.from(rows, ([, folders]) => Array.from(folders?.matchAll(/`(.+?)`/g) ?? [], ([, folder]) => folder));
    expect(documented).toEqual(Object.values(floors).flatMap((own) => own.toReversed()));
  });

  test.each(Object.entries(floors))("every folder of %s has a floor", (name, own) => {
    const folders = ts.sys.getDirectories(inPackages(join(name, "src")));
    expect(folders.length).toBeGreaterThan(0);
    expect(folders.filter((folder) => !own.flat().includes(folder))).toEqual([]);
  });
});
