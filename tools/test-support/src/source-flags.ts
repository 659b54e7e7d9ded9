/** What Node.js needs to run a TypeScript file of this repository as it is: `fork(file, [], { execArgv: sourceFlags })`. */
export const sourceFlags: readonly string[] = [
  "--conditions=@fairlead/source",
  `--import=${new URL("../../../packages/testing/src/emulators/run-from-source.mjs", import.meta.url).href}`,
];
