import { startInThisProcess } from "./emulator-kinds.js";
import type { ProcessReport } from "./spawn-emulator.js";

// The process of one emulator: `fork`ed with the kind as its argument, told its options by the first message.
const report = (message: ProcessReport): void => {
  process.send?.(message);
};

process.once("message", (message: { readonly options: unknown }) => {
  startInThisProcess(process.argv[2] ?? "", message.options).then(
    ({ address }) => {
      report({ address });
    },
    (error: unknown) => {
      report({ failed: error instanceof Error ? error.message : String(error) });
    },
  );
});

// Ctrl-C reaches every process of a terminal; whoever started this one may still need it while it winds up.
process.on("SIGINT", () => undefined);

// Whoever started it may be killed at any moment; nobody else would end it then.
process.once("disconnect", () => {
  process.exit(0);
});
