import type { Course } from "./deploy-all.ts";
import type { Fact } from "./facts.ts";
import { spansOf } from "./samples.ts";

/** What was found out, for programs. Times are milliseconds since the start. */
export interface Report {
  readonly ok: boolean;
  readonly facts: readonly Fact[];
  readonly deployments: readonly {
    readonly release: string;
    readonly deploymentId: string | null;
    readonly end: string;
    readonly exitCode: number;
    readonly took: number;
    readonly verdict: { readonly at: number; readonly step: string; readonly reason: string } | null;
  }[];
  readonly served: readonly {
    readonly release: string | null;
    readonly status: number | null;
    readonly from: number;
    readonly to: number;
    readonly samples: number;
  }[];
  readonly messages: readonly { readonly event: string; readonly deploymentId: string; readonly channels: readonly string[] }[];
  /** Who drove the deployment of the shop's own process, by process id, and how long nobody did. */
  readonly host: { readonly drivers: readonly number[]; readonly handedOverIn: number; readonly took: number } | null;
  /** The change of the database that was refused, and went through in two steps. */
  readonly change: {
    readonly refused: { readonly exitCode: number; readonly said: readonly string[] };
    readonly steps: readonly { readonly exitCode: number; readonly applied: readonly string[] }[];
    readonly clients: { readonly rounds: number; readonly errors: readonly string[] };
    readonly took: number;
  } | null;
  readonly work: { readonly queued: number; readonly done: number; readonly repeated: number } | null;
}

export function toReport({ start, evidence }: Course, facts: readonly Fact[]): Report {
  const { stories, samples, deliveries, work, host, change } = evidence;
  return {
    ok: facts.every(({ holds }) => holds),
    facts,
    deployments: stories.map(({ release, deploymentId, end, exitCode, took, verdict }) => ({
      release,
      deploymentId,
      end,
      exitCode,
      took,
      verdict: verdict === null ? null : { ...verdict, at: verdict.at - start },
    })),
    served: spansOf(samples).map((span) => ({ ...span, from: span.from - start, to: span.to - start })),
    messages: deliveries.map(({ event, deploymentId, at }) => ({
      event,
      deploymentId,
      channels: Object.entries(at).flatMap(([channel, when]) => (when === null ? [] : [channel])),
    })),
    host: host === undefined ? null : { drivers: host.drivers, handedOverIn: host.handedOverIn, took: host.took },
    change: change === undefined ? null : { ...change, refused: { exitCode: change.refused.exitCode, said: change.refused.said } },
    work: work === undefined ? null : { queued: work.queued, done: work.done, repeated: work.repeated },
  };
}
