import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

// Preloaded: takes one piece out of one source file of the package, so that a test can show that it is missed. `CUT` is JSON.
interface Cut {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const { file, from, to }: Cut = JSON.parse(process.env["CUT"] ?? "");
const target = new URL(`../../src/${file}`, import.meta.url).href;
if (readFileSync(new URL(target), "utf8").split(from).length !== 2) throw new Error(`${file} does not have exactly one ${from}`);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    return url === target ? { ...loaded, source: readFileSync(new URL(target), "utf8").replace(from, to) } : loaded;
  },
});
