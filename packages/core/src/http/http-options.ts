import type { Logger } from "../contract/call.js";
import type { Sources } from "../config/source.js";
import type { Deployer } from "../deployer/types.js";
import type { Status } from "../status/index.js";
import type { Clock } from "../time/clock.js";
import type { Duration } from "../time/duration.js";
import type { AccessOptions } from "./access.js";
import type { AnsweringHealth } from "./health-respond.js";
import type { MetricsMeter } from "./metrics/open-telemetry.js";
import type { MetricsRegistry } from "./metrics/prometheus.js";
import type { RateLimitOptions } from "./rate-limit.js";

/** What a trigger says. */
export interface TriggerWish {
  readonly environment: string;
  readonly branch?: string;
  readonly commit?: string;
}

/** What is asked of a deployer: nothing that drives a deployment here, or asks a provider. */
export type HttpDeployer = Pick<
  Deployer,
  | "application"
  | "environments"
  | "request"
  | "requested"
  | "pendingRequests"
  | "deployment"
  | "logs"
  | "history"
  | "statistics"
  | "explain"
  | "changes"
  | "status"
  | "approve"
  | "reject"
  | "abort"
> &
  Partial<Pick<Deployer, "redact" | "messages">>;

export interface MetricsOptions {
  /** The host's registry of `prom-client`: everything is registered with it, and it is answered with all that it has, in its own format. Default: one of its own, in both formats. */
  readonly registry?: MetricsRegistry;
  /** Whether numbers about the process are told too (CPU, memory, event loop, garbage collection). Default: where there is no registry of the host. */
  readonly process?: boolean;
  /** A meter of OpenTelemetry: the same facts as observable instruments. */
  readonly openTelemetry?: MetricsMeter;
  /** Where it answers. Default `/metrics`. */
  readonly path?: string;
}

export interface TickOptions {
  /**
   * What a worker does, where none runs: `({ signal }) => deployer.work({ untilIdle: true, signal })` delivers messages (alerts of the status page among them), carries out what was asked for, and goes on with
   * deployments that are due, which needs the secrets of a worker. Behind health and the status page. What throws is a problem. Default: an HTTP surface only records.
   */
  readonly work?: (call: { readonly signal: AbortSignal }) => unknown;
  /** Most that a tick takes, shorter than the host lets a request take. The signal of `work` aborts a fifth before, at most `5s`. Default `50s`. */
  readonly within?: Duration;
}

export interface HttpOptions extends AccessOptions {
  /** Answers at `<basePath>/health`, and below it. Default: not there. */
  readonly health?: AnsweringHealth;
  /** Answers at `<basePath>/deploy/…`: records what is asked for and shows what becomes of it; workers carry it out. Default: not there. */
  readonly deployer?: HttpDeployer;
  /** Where the page for those who operate is, beside the base path; `false`: there is none. Default `/deployments`, where there is a deployer. */
  readonly deploymentsPage?: string | false;
  /** What to deploy for a branch or commit that a trigger names, e.g. `({ commit }) => image(\`registry.example.com/shop:${commit}\`)`. Default: a trigger has to name its image. */
  readonly sources?: (wish: TriggerWish) => Sources | undefined | Promise<Sources | undefined>;
  /** Answers at `<basePath>/status`, with the documents of Statuspage at `<basePath>/v2`, and with a page and feeds at `/status`. Default: not there. */
  readonly status?: Status;
  /** Answers at `/metrics`. Default: not there. */
  readonly metrics?: MetricsOptions;
  /** What `GET <basePath>/fairlead/tick` does for a cron job besides health that runs on demand and the status page. */
  readonly tick?: TickOptions;
  /** Where everything but pages answers. Default `/api`. */
  readonly basePath?: string;
  /** How many requests of one identity are answered in a minute; `false`: any number. Default 600 that read and 60 that do something. */
  readonly rateLimit?: RateLimitOptions | false;
  /** Most bytes of a body. Default 65,536. Webhooks of alerts may have 2 MiB in any case. */
  readonly bodyLimit?: number;
  /** Takes secrets out of details of health, of what errors say and of what `log` is told. Default: that of `deployer`, which knows the secrets that it has resolved. */
  readonly redact?: (text: string) => string;
  /** Told why something could not be answered. Default: nobody is told. */
  readonly log?: Logger;
  readonly clock?: Clock;
}
