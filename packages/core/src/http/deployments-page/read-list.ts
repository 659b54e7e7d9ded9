import type { DeploymentSummary } from "../../deployer/types.js";
import type { Status } from "../../status/index.js";
import type { Access } from "../access.js";
import type { AnsweringHealth } from "../health-respond.js";
import type { HttpDeployer } from "../http-options.js";
import type { Identity } from "../identity.js";
import type { ShownHealth } from "./environment-card.js";
import type { ListView, ShownEnvironment } from "./list-page.js";
import { statusOf } from "./read.js";

interface Given {
  readonly deployer: HttpDeployer;
  readonly access: Access;
  readonly identity: Identity | undefined;
  readonly health: AnsweringHealth | undefined;
  readonly status: Status | undefined;
  /** Where the status page is. */
  readonly statusPage: string | null;
}

/** Lines on a page of the history. */
const pageLength = 20;
/** So many environments are shown with what they serve; of more, those that are chosen. */
const mostShown = 8;
const mostNamed = 30;
const mostRequests = 10;
/** So often the history is read on for a page. */
const mostReads = 10;

/** What the list says now, as far as whoever asks may read it. */
export async function readList(
  given: Given,
  { environment, after }: { readonly environment?: string | undefined; readonly after?: string | undefined },
): Promise<ListView> {
  const { deployer, access, identity } = given;
  const mayRead = remembered((name) => access.allows(identity, "deployments.read", { environment: name }));
  const query = { ...(environment === undefined ? {} : { environment }) };
  const [history, requests, environments, process] = await Promise.all([
    readableHistory(deployer, { ...query, ...(after === undefined ? {} : { after }) }, mayRead),
    after === undefined ? deployer.pendingRequests(query) : [],
    allowed(deployer.environments, (name) => name, mayRead),
    processOf(given.health),
  ]);
  const names = environment === undefined ? environments.slice(0, mostShown) : [environment];
  const shown = after === undefined ? await Promise.all(names.map((name) => shownEnvironment(given, name))) : [];
  return {
    environments: environments.slice(0, mostNamed),
    chosen: environment,
    process,
    shown: shown.filter((one) => one !== undefined),
    requests: (await allowed(requests, (request) => request.environment, mayRead)).slice(0, mostRequests),
    ...history,
    isFirst: after === undefined,
  };
}

/** Reads on behind what may not be read until the page is full, the history ends, or enough was read. */
async function readableHistory(
  deployer: HttpDeployer,
  query: { readonly environment?: string; readonly after?: string },
  mayRead: (name: string) => Promise<boolean>,
): Promise<Pick<ListView, "deployments" | "next" | "isPartial">> {
  const deployments: DeploymentSummary[] = [];
  let { after } = query;
  let isPartial = false;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const limit = pageLength - deployments.length;
    const { items, next } = await deployer.history({ ...query, limit, ...(after === undefined ? {} : { after }) });
    const readable = await allowed(items, ({ environment }) => environment, mayRead);
    isPartial ||= readable.length < items.length;
    deployments.push(...readable);
    after = next;
    if (after === undefined || deployments.length === pageLength) break;
  }
  return { deployments, isPartial, next: after ?? null };
}

/** Where checks run on demand it waits for what is due, as health itself does. What is not known is not unwell, and not well either. */
async function processOf(health: AnsweringHealth | undefined): Promise<ListView["process"]> {
  if (health === undefined) return null;
  await health.refresh?.();
  const { status, checks } = health.snapshot();
  const notUp = checks.filter((check) => check.status !== "up");
  return notUp.length > 0 && notUp.every(({ known }) => !known) ? "unknown" : status;
}

/** `undefined` of one in which nothing has happened, such as a template. */
async function shownEnvironment(given: Given, name: string): Promise<ShownEnvironment | undefined> {
  const { deployer, access, identity } = given;
  const status = await statusOf(deployer, name);
  if (status === undefined) return undefined;
  const { release, last, queue, freeze } = status;
  if (release === null && last === null && queue.length === 0 && freeze === null) return undefined;
  const mayRollBack = await access.allows(identity, "deployments.rollback", { environment: name });
  return { status, mayRollBack, health: await healthOf(given, name) };
}

const colours = { none: "o", maintenance: "m", minor: "d", major: "p", critical: "x" } as const;

/** As the status page of that environment says it. */
async function healthOf({ status, statusPage }: Given, environment: string): Promise<ShownHealth | null> {
  if (status === undefined || statusPage === null || status.environment !== environment) return null;
  const { rollUp, stale } = await status.current();
  const { description, indicator } = rollUp;
  return {
    words: stale ? `${description}, when somebody last looked` : description,
    colour: stale ? "d" : colours[indicator],
    link: statusPage,
  };
}

/** Asked once for each name. */
function remembered(ask: (name: string) => Promise<boolean>): (name: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (name) => {
    const answer = known.get(name) ?? ask(name);
    known.set(name, answer);
    return answer;
  };
}

async function allowed<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  mayRead: (name: string) => Promise<boolean>,
): Promise<readonly Item[]> {
  const answers = await Promise.all(items.map((item) => mayRead(nameOf(item))));
  return items.filter((_item, index) => answers[index]);
}
