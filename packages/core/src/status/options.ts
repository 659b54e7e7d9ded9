import type { Logger } from "../contract/call.js";
import type { Store } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Health } from "../health/index.js";
import type { Clock } from "../time/clock.js";
import { isDuration, toMilliseconds, type Duration } from "../time/duration.js";
import { isTimeZone } from "../time/wall-time.js";
import type { ComponentFacts, PageFacts } from "./status-events.js";

export interface PageOptions {
  /** Shown at the top. Default: the application's name. */
  readonly name?: string;
  /** Where people find the page, absolute: links begin with it. */
  readonly url: string;
  /** IANA name; for clients that show times. Default `UTC`. */
  readonly timeZone?: string;
}

export interface StatusComponentOptions {
  /** Kebab-case. It stays: clients remember the component by an id that is made from it. */
  readonly name: string;
  /** What people read. Default: the name. */
  readonly title?: string;
  /** What it is listed under. Default: nothing. */
  readonly group?: string;
  readonly description?: string;
  /** Names of the health checks that speak for it. Default: the check of the same name. An empty list: it is what people and alerts say. */
  readonly checks?: readonly string[];
}

export interface StatusOptions {
  readonly application: string;
  /** Whose page it is, e.g. `production`. */
  readonly environment: string;
  /** Where everything is remembered: the deployer's. */
  readonly store: Store;
  readonly page: PageOptions;
  readonly components: readonly StatusComponentOptions[];
  /** What this process finds. Without it the process only shows what others find. */
  readonly health?: Pick<Health, "snapshot">;
  /** What this process is called; of all that run at the same time each needs its own name. Default: drawn. */
  readonly instance?: string;
  /** How often each process says that it is there, and whoever leads looks at all. Default `10s`. */
  readonly interval?: Duration;
  readonly incidents?: {
    /** How long something has to be wrong until an incident opens. What mends itself and breaks three times within 15 minutes need not last. Default `1m`. */
    readonly openAfter?: Duration;
    /** How long all has to be well until it is resolved. Default `5m`. */
    readonly resolveAfter?: Duration;
  };
  /** Names of the deployer's plugins that are told when an incident opens and when it is resolved. Default: none. */
  readonly notify?: readonly string[];
  /** How long days are kept; the page shows 90 of them. Default `400d`. */
  readonly retention?: Duration;
  /** Takes secrets out of what people and alerts say. Default: nothing is taken out. */
  readonly redact?: (text: string) => string;
  readonly log?: Logger;
  readonly clock?: Clock;
}

/** Options in the form in which they are used. */
export interface ReadOptions {
  readonly page: PageFacts;
  readonly components: readonly ComponentFacts[];
  readonly interval: number;
  readonly openAfter: number;
  readonly resolveAfter: number;
  readonly retention: number;
}

/** Throws `STATUS_OPTION_INVALID`. */
export function readOptions(options: StatusOptions): ReadOptions {
  const { application, page, components, incidents = {}, interval = "10s", retention = "400d" } = options;
  return {
    page: readPage(page, application),
    components: readComponents(components),
    interval: readDuration("interval", interval, 1_000),
    openAfter: readDuration("incidents.openAfter", incidents.openAfter ?? "1m", 0),
    resolveAfter: readDuration("incidents.resolveAfter", incidents.resolveAfter ?? "5m", 0),
    retention: readDuration("retention", retention, 86_400_000),
  };
}

function refuse(option: string, problem: string) {
  return fail(coreErrors, "STATUS_OPTION_INVALID", { option, problem });
}

function readDuration(option: string, text: Duration, least: number): number {
  if (!isDuration(text)) throw refuse(option, `must be a time such as "30s", not "${String(text)}".`);
  const milliseconds = toMilliseconds(text);
  if (milliseconds < least) throw refuse(option, `must be at least ${least} ms, not "${text}".`);
  return milliseconds;
}

function readPage({ name, url, timeZone = "UTC" }: PageOptions, application: string): PageFacts {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
    throw refuse("page.url", `must be an absolute address of the web, not "${url}".`);
  if (!isTimeZone(timeZone)) throw refuse("page.timeZone", `is not known here: "${timeZone}".`);
  return { name: name ?? application, url: url.replace(/\/+$/, ""), timeZone };
}

function readComponents(components: readonly StatusComponentOptions[]): readonly ComponentFacts[] {
  const names = new Set<string>();
  return components.map(({ name, title = name, group = null, description = null, checks = [name] }, index) => {
    const option = `components[${index}].name`;
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw refuse(option, `must be of lower-case letters, digits and hyphens, not "${name}".`);
    if (names.has(name)) throw refuse(option, `is there twice: "${name}".`);
    names.add(name);
    return { name, title, group, description, checks: [...checks] };
  });
}
