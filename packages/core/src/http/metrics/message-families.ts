import type { Deployer } from "../../deployer/types.js";
import type { Family } from "./family.js";
import { summedBy } from "./sums.js";

/** Messages that are still to be delivered, and those that could not be: from the store, so that every process says the same. */
export function messageFamilies(messages: Deployer["messages"]): readonly Family[] {
  let reading: ReturnType<Deployer["messages"]> | undefined;
  // Families of one scrape are read at the same time.
  const read = (): ReturnType<Deployer["messages"]> =>
    (reading ??= messages().finally(() => {
      reading = undefined;
    }));
  const countOf = (which: "waiting" | "deadLetters") => async () =>
    summedBy(
      (await read())[which],
      ({ environment }) => ({ environment }),
      () => 1,
    );
  const common = { unit: "{message}", kind: "gauge", labels: ["environment"] } as const;
  return [
    {
      ...common,
      name: "fairlead_notifications_pending",
      dotted: "notification.pending",
      help: "Messages that are still to be delivered, counted up to 1,000.",
      read: countOf("waiting"),
    },
    {
      ...common,
      name: "fairlead_notifications_dead",
      dotted: "notification.dead",
      help: "Messages that could not be delivered and are tried no more, counted up to 1,000.",
      read: countOf("deadLetters"),
    },
  ];
}
