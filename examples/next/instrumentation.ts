/** Next calls this once, when a server starts. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { drainOnSignals } = await import("./lib/drain.ts");
  drainOnSignals();
  const { shop } = await import("./lib/shop.ts");
  // What the first answer costs, such as connecting to the database, is paid before anybody asks.
  await shop.http.fetch(new Request("http://localhost/api/health"));
}
