/** The name by which the OpenTelemetry SDK and the instrumentation of HTTP clients know that nothing is to be recorded. */
const suppressed = "OpenTelemetry SDK Context Key SUPPRESS_TRACING";

/** Does work of which a host that records requests makes no span: it would hold the address, and an address that is a secret belongs into none. */
export async function untraced<Result>(work: () => Promise<Result>): Promise<Result> {
  const { context, createContextKey } = await import("@opentelemetry/api");
  return context.with(context.active().setValue(createContextKey(suppressed), true), work);
}
