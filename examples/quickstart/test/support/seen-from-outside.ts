import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { buildShop } from "../../build.ts";
import type { Sample } from "../../stage/samples.ts";
import type { World } from "../../stage/world.ts";

/** What customers, the provider and the database say, none of whom knows what the deploying process believes. */
export interface Outside {
  /** The release that every page of every domain comes from, `nothing`, or what was found where they differ. */
  readonly serves: string;
  /** Deployments that the provider keeps, oldest first. */
  readonly kept: readonly string[];
  /** The deployment that the provider calls production. */
  readonly production: string | null;
  /** How many deployments were made for each key. */
  readonly madePerKey: readonly number[];
  readonly database: DatabaseState;
}

export interface DatabaseState {
  /** Migrations that the ledger has, with their states. */
  readonly ledger: readonly string[];
  /** What they have brought. */
  readonly brought: readonly string[];
  readonly products: number;
}

const domains = ["shop.example", "shop.vercel.app"];
/** Not the one that the provider is asked for to find out whether a release is well: that one may have a fault. */
const pages = ["index.html", "version.json", "prices.json"];
const releases = ["1", "2", "4"];

export async function lookFromOutside({ vercel, database }: World): Promise<Outside> {
  const [{ effects }, { deployments, projects }] = await Promise.all([vercel.ledger(), vercel.state()]);
  const keys = effects.flatMap(({ kind, details }) => {
    const meta = details["meta"];
    return kind === "deployment.created" && typeof meta === "object" && meta !== null && "fairleadKey" in meta ? [meta["fairleadKey"]] : [];
  });
  return {
    serves: await served((host) => vercel.siteUrl(host)),
    kept: deployments.filter(({ deleted }) => !deleted).map(({ id }) => id),
    production: projects[0]?.productionDeploymentId ?? null,
    madePerKey: [...new Set(keys)].map((key) => keys.filter((one) => one === key).length),
    database: await readDatabase(database.url),
  };
}

async function served(siteOf: (host: string) => Promise<string>): Promise<string> {
  const built = await builtPages();
  const answers = await Promise.all(
    domains.flatMap((domain) =>
      pages.map(async (page) => {
        const response = await fetch(new URL(page, await siteOf(domain)));
        const text = await response.text();
        if (response.status === 404) return { place: `${domain}/${page}`, of: ["nothing"] };
        const of = releases.filter((release) => response.status === 200 && built[release]?.[page] === text);
        return { place: `${domain}/${page}`, of };
      }),
    ),
  );
  const common = ["nothing", ...releases].find((release) => answers.every(({ of }) => of.includes(release)));
  return common ?? answers.map(({ place, of }) => `${place}: ${of.join(" or ") || "unknown"}`).join(", ");
}

let reading: Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> | undefined;

/** The pages as the releases were built. */
function builtPages(): NonNullable<typeof reading> {
  reading ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), "built-"));
    const all: Record<string, Record<string, string>> = {};
    for (const release of releases) {
      await buildShop(release, join(folder, release));
      const contents = await Promise.all(pages.map((page) => readFile(join(folder, release, "site", page), "utf8")));
      all[release] = Object.fromEntries(pages.map((page, index) => [page, contents[index] ?? ""]));
    }
    await rm(folder, { recursive: true, force: true });
    return all;
  })();
  return reading;
}

async function readDatabase(url: string): Promise<DatabaseState> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const names = async (sql: string): Promise<readonly string[]> => (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  try {
    const tables = await names("select tablename as name from pg_tables where schemaname = 'public' order by 1");
    const columns = await names(
      "select column_name as name from information_schema.columns where table_name = 'jobs' and column_name = 'order_id'",
    );
    const hasLedger = (await names("select relname as name from pg_class where oid = to_regclass('fairlead.migrations')")).length > 0;
    return {
      ledger: hasLedger ? await names("select id || ' ' || state as name from fairlead.migrations order by id") : [],
      brought: [...tables, ...columns],
      products: tables.includes("products") ? (await names("select sku as name from products")).length : 0,
    };
  } finally {
    await client.end();
  }
}

/** The database as each number of migrations leaves it, whole. */
export const databaseAfter: readonly Omit<DatabaseState, "ledger">[] = [
  { brought: [], products: 0 },
  { brought: ["deeds", "jobs", "products"], products: 3 },
  { brought: ["deeds", "jobs", "orders", "products", "order_id"], products: 3 },
];

/** What customers got in order, without repetition: releases, and what was no answer of a release. */
export function turnsOf(samples: readonly Sample[]): readonly string[] {
  const turns = samples.map(({ status, release, problem }) => release ?? problem ?? `status ${String(status)}`);
  return turns.filter((turn, index) => turn !== turns[index - 1]);
}
