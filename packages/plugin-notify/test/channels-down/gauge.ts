import type { AnyPlugin, Notifier } from "@fairlead/core";

/** Counts the deliveries that are under way. */
export interface Gauge {
  readonly inFlight: number;
  /** The same notifier, counted. */
  measure(plugin: AnyPlugin): AnyPlugin;
}

export function createGauge(): Gauge {
  let inFlight = 0;
  const counted = (notifier: Notifier): Notifier => ({
    ...notifier,
    async deliver(notification, call) {
      inFlight += 1;
      try {
        return await notifier.deliver(notification, call);
      } finally {
        inFlight -= 1;
      }
    },
  });
  return {
    get inFlight() {
      return inFlight;
    },
    measure: (plugin) => ({
      ...plugin,
      setup: async (options, context) => {
        const { notifier, ...others } = await plugin.setup(options, context);
        return { ...others, ...(notifier === undefined ? {} : { notifier: counted(notifier) }) };
      },
    }),
  };
}
