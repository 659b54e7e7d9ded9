import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** What `promtool check metrics` has to say about what a scrape answered. */
export async function promtool(scraped: string) {
  const child = spawn("promtool", ["check", "metrics"], { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.end(scraped);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve))), out, err };
}
