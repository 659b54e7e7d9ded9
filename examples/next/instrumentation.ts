/** Next calls this once, when a server starts. */
export async function register(): Promise<void> {
  if (process.env["NEXT_RUNTIME"] !== "nodejs") return;
  const { drainOnSignals } = await import("./lib/drain.ts");
  drainOnSignals();
}
