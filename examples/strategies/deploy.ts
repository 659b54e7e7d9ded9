import { sqliteStore } from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import { createShop } from "./shop.ts";

const { SHOP_RELEASE: release = "shop:1", EDGE_URL: edgeUrl = "", SHOP_ADDRESSES: addresses = "{}" } = process.env;

const shop = createShop({
  store: sqliteStore({ path: ".strategies/journal.db", singleMachine: true }),
  release,
  edgeUrl,
  addresses: JSON.parse(addresses),
});

await runCli(shop);
