// The build step: `node build.ts 2` writes release 2 of the shop to a folder, from where `deploy.ts` takes it.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { settings } from "./settings.ts";

/** A release of the shop, as its sources in `site/releases` say it. */
export interface ShopRelease {
  readonly name: string;
  readonly news: string;
  /** The migrations that were written by then. */
  readonly migrations: readonly string[];
  /** What the release says about itself. */
  readonly health: { readonly status: "up" | "down"; readonly reason?: string };
  /** In cents. */
  readonly prices: Readonly<Record<string, number>>;
}

const sources = import.meta.dirname;

/** Writes a release to a folder, in place of what is there: `site` with its static files, `migrations` with its SQL. */
export async function buildShop(release: string, folder: string): Promise<ShopRelease> {
  const shop: ShopRelease = JSON.parse(await readFile(join(sources, `site/releases/${release}.json`), "utf8"));
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "site"), { recursive: true });
  const page = await readFile(join(sources, "site/index.html"), "utf8");
  const files = {
    "index.html": fillIn(page, { release, name: shop.name, news: shop.news, products: productRows(shop) }),
    "version.json": toJson({ release }),
    "health.json": toJson(shop.health),
    "prices.json": toJson({ release, currency: "EUR", prices: shop.prices }),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, "site", name), content);
  for (const name of shop.migrations) await cp(join(sources, "migrations", name), join(folder, "migrations", name));
  return shop;
}

function fillIn(page: string, values: Readonly<Record<string, string>>): string {
  return page.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}

function productRows({ prices }: ShopRelease): string {
  return Object.entries(prices)
    .map(([sku, cents]) => `<tr><td>${sku}</td><td>${(cents / 100).toFixed(2)} €</td></tr>`)
    .join("\n    ");
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  const release = process.argv[2] ?? "1";
  const { name } = await buildShop(release, settings.release);
  console.log(`Release ${release} ("${name}") is in ${settings.release}.`);
}
