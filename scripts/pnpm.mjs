// Runs the pinned pnpm: `node scripts/pnpm.mjs add --filter @fairlead/core zod`.
import { run, toPnpm } from "./workspace.mjs";

process.exitCode = await run(...toPnpm(process.argv.slice(2)));
