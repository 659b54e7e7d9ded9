import { systemClock } from "../../../src/index.js";
import { runProgram, type ProgramCall } from "../../../src/steps/program/run-program.js";

// `run-program.ts <call as JSON>`: runs a program, with nobody who ends it but the death of this process.
const call = JSON.parse(process.argv[2] ?? "{}") as Pick<ProgramCall, "argv" | "folder" | "variables" | "tells" | "grace">;
await runProgram({ ...call, clock: systemClock, signal: new AbortController().signal, onOutput: () => undefined });
