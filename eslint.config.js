import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";
import { fairlead } from "./tools/eslint-rules/index.js";

const tests = ["**/*.test.ts", "**/*.test-d.ts", "packages/*/test/**/*.ts"];
const configs = ["*.config.{ts,js}", "packages/*/*.config.ts", "examples/*/*.config.{ts,js}", "tools/*/*.config.ts"];
const library = ["packages/*/src/**/*.ts"];
const programs = ["packages/core/src/cli/**/*.ts", "packages/testing/src/emulators/**/*.ts"];

const bareError = "Throw a FairleadError from the catalogue: it has a code, a hint and a status, and survives the journal.";
const errorNames = "/^(Error|TypeError|RangeError|SyntaxError|EvalError|ReferenceError|URIError|AggregateError)$/";
const noNamedZod = {
  selector: 'ImportDeclaration[source.value="zod"] > :not(ImportNamespaceSpecifier, Literal)',
  message: 'Write `import * as z from "zod"`: the named import bundles five times the bytes.',
};
const noDefaultExport = { selector: "ExportDefaultDeclaration", message: "Export by name: a name says the same thing everywhere." };
const noBareError = { selector: `:matches(NewExpression, CallExpression)[callee.name=${errorNames}]`, message: bareError };
const noWallClock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: "Read the time from the injected Clock: tests and recovery depend on it.",
};

const environmentMessage = "Library code takes what it needs as an argument. Only the command line reads the process.";
const noEnvironment = ["env", "argv", "exit", "exitCode", "stdout", "stderr", "stdin"].map((property) => ({
  object: "process",
  property,
  message: environmentMessage,
}));
const noUnrefTimeout = {
  object: "AbortSignal",
  property: "timeout",
  message:
    "Its timer does not keep the process alive: a process that only waits for it ends with exit code 0. Use a deadline of the Clock.",
};
const clockMessage = "Use the injected Clock: tests and recovery depend on it.";
const noTime = [
  { object: "Date", property: "now", message: clockMessage },
  { object: "performance", property: "now", message: clockMessage },
];

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/coverage/",
    "**/node_modules/",
    "**/.fairlead/",
    "**/.quickstart/",
    "**/.svelte-kit/",
    "**/.next/",
    "**/next-env.d.ts",
    "examples/*/build/",
    "scripts/consumers/*/",
  ]),
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [typescript.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-misused-spread": ["error", { allow: [{ from: "lib", name: "string" }] }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "only-allowed-literals" }],
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingUnknown: true }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/max-params": ["error", { max: 4 }],
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": ["error", noNamedZod, noDefaultExport],
    },
  },
  {
    files: ["packages/**/*.ts", "examples/**/*.ts", "tools/**/*.ts"],
    plugins: { fairlead },
    rules: { "fairlead/package-boundaries": "error" },
  },
  {
    files: library,
    ignores: tests,
    plugins: { fairlead },
    rules: {
      "fairlead/floors": "error",
      complexity: ["error", 15],
      "max-lines": ["error", { max: 300 }],
      "no-restricted-properties": ["error", ...noEnvironment, noUnrefTimeout, ...noTime],
      "no-restricted-globals": [
        "error",
        { name: "setTimeout", message: clockMessage },
        { name: "setInterval", message: clockMessage },
        { name: "setImmediate", message: clockMessage },
      ],
      "no-restricted-syntax": ["error", noNamedZod, noDefaultExport, noBareError, noWallClock],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "node:process", message: environmentMessage },
            { name: "process", message: environmentMessage },
            { name: "node:timers", message: clockMessage },
            { name: "node:timers/promises", message: clockMessage },
          ],
        },
      ],
    },
  },
  {
    files: ["packages/core/src/time/**/*.ts", "packages/testing/src/**/*.ts"],
    ignores: tests,
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-properties": ["error", ...noEnvironment, noUnrefTimeout],
      "no-restricted-syntax": ["error", noNamedZod, noDefaultExport, noBareError],
    },
  },
  {
    files: programs,
    ignores: tests,
    rules: {
      "no-console": "off",
      "no-restricted-properties": ["error", noUnrefTimeout],
      "no-restricted-imports": "off",
    },
  },
  {
    files: ["packages/core/src/errors/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", noNamedZod, noDefaultExport] },
  },
  {
    files: [...tests, "examples/**/*.ts", "scripts/**/*.ts", "tools/**/*.ts"],
    rules: {
      "no-console": "off",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-expect-error": false }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: [...configs, "scripts/*-reporter.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.{js,mjs,cjs}"],
    rules: { eqeqeq: "error", "no-undef": "off" },
  },
);
