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

/** What the list says now, as far as whoever asks may read it. */
export async function readList(
  given: Given,
  { environment, after }: { readonly environment?: string | undefined; readonly after?: string | undefined },
): Promise<ListView> {
  const { deployer, access, identity } = given;
  const mayRead = remembered((name) => access.allows(identity, "deployments.read", { environment: name }));
  const query = { ...(environment === undefined ? {} : { environment }) };
  const [history, requests, environments] = await Promise.all([
    deployer.history({ ...query, limit: pageLength, ...(after === undefined ? {} : { after }) }),
    after === undefined ? deployer.pendingRequests(query) : [],
    allowed(deployer.environments, (name) => name, mayRead),
  ]);
  const names = environment === undefined ? environments.slice(0, mostShown) : [environment];
  const shown = after === undefined ? await Promise.all(names.map((name) => shownEnvironment(given, name))) : [];
  return {
    environments: environments.slice(0, mostNamed),
    chosen: environment,
    process: given.health?.snapshot().status ?? null,
    shown: shown.filter((one) => one !== undefined),
    requests: (await allowed(requests, (request) => request.environment, mayRead)).slice(0, mostRequests),
    deployments: await allowed(history.items, (deployment) => deployment.environment, mayRead),
    isFirst: after === undefined,
    next: history.next ?? null,
  };
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
