// A place where commands have an effect: `node place.mjs <do|undo|observe> <natural|keyed> <folder>`. Talks about its token whatever it does.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [, , what, kind, folder = "."] = process.argv;
const { TOKEN = "", FAIRLEAD_IDEMPOTENCY_KEY: key = "" } = process.env;
const mode = existsSync(join(folder, "mode")) ? readFileSync(join(folder, "mode"), "utf8") : "answers";
const deed = join(folder, "deeds", kind === "natural" ? "flag" : encodeURIComponent(key));

console.log(`${what} with ${TOKEN} and ${Buffer.from(`user:${TOKEN}`).toString("base64")}`);
console.error(JSON.stringify({ authorization: TOKEN }));

mkdirSync(join(folder, "deeds"), { recursive: true });
if (mode === "silent") setInterval(() => undefined, 1_000);
else {
  if (what === "observe") process.exitCode = existsSync(deed) ? 0 : 1;
  if (what === "do" && (kind === "never" || !existsSync(deed))) writeFileSync(deed, "done");
  if (what === "do") appendFileSync(join(folder, "calls"), `${key}\n`);
  if (what === "undo") rmSync(deed, { force: true });
  if (mode === "lossy") process.exitCode = 75;
}
