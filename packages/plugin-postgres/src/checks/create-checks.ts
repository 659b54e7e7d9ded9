import type { Check, Clock } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { createProbe } from "./probe.js";
import { askFolder, askServer } from "./questions.js";
import { toResult } from "./result.js";

export interface ChecksOptions {
  /** The plugin's name; the checks' begin with it. */
  readonly name: string;
  readonly address: DatabaseAddress;
  readonly folder: string;
  readonly clock: Clock;
}

/** Whether the application's database answers, whether it takes changes from us, and whether the migrations can be read. */
export function createChecks({ name, address, folder, clock }: ChecksOptions): {
  readonly checks: readonly Check[];
  readonly dispose: () => Promise<void>;
} {
  const probe = createProbe({ address, clock });
  const checks: readonly Check[] = [
    {
      name,
      scope: "application",
      kind: "dependency",
      run: ({ signal }) =>
        toResult(signal, async () => {
          const begun = clock.now();
          await probe.ask("select 1", signal);
          return { status: "up", data: { latency: clock.now() - begun } };
        }),
    },
    {
      name: `${name}-server`,
      scope: "provider",
      timeout: "15s",
      run: ({ signal }) => toResult(signal, () => askServer({ address, clock, signal })),
    },
    {
      name: `${name}-migrations`,
      scope: "provider",
      run: ({ signal }) => toResult(signal, () => askFolder(folder)),
    },
  ];
  return { checks, dispose: () => probe.close() };
}
