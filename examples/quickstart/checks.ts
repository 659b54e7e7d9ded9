import { defineCheck } from "@fairlead/core/health";
import pg from "pg";
import { settings } from "./settings.ts";

type Prices = Readonly<Record<string, number>>;

/** Whether the database answers. */
export const database = defineCheck({
  name: "database",
  run: async () => {
    await query("select 1");
    return { status: "up" };
  },
});

/** Whether customers are shown the prices that they will be charged. */
export const checkout = defineCheck({
  name: "checkout",
  run: async ({ signal }) => {
    const [shown, charged] = await Promise.all([pricesShown(signal), pricesCharged()]);
    const skus = new Set([...Object.keys(shown), ...Object.keys(charged)]);
    const wrong = [...skus].filter((sku) => shown[sku] !== charged[sku]);
    if (wrong.length === 0) return { status: "up" };
    const differences = wrong.map((sku) => `${sku} is shown at ${euros(shown[sku])} and charged at ${euros(charged[sku])}`);
    return { status: "down", reason: "prices_differ", message: differences.join(", ") };
  },
});

/** What the shop shows, asked where customers ask. */
async function pricesShown(signal: AbortSignal): Promise<Prices> {
  const response = await fetch(new URL("prices.json", settings.shopUrl), { signal });
  if (!response.ok) throw new Error(`The shop answered ${response.status}`);
  const { prices }: { readonly prices: Prices } = JSON.parse(await response.text());
  return prices;
}

async function pricesCharged(): Promise<Prices> {
  const rows = await query<{ sku: string; price: number }>("select sku, price from products");
  return Object.fromEntries(rows.map(({ sku, price }) => [sku, price]));
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: settings.databaseUrl, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  // The query rejects as well; but a connection that breaks with nobody listening ends the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function euros(cents: number | undefined): string {
  return cents === undefined ? "nothing" : `${(cents / 100).toFixed(2)} €`;
}
