// The store suite under Node's own test runner.
import { describe, test } from "node:test";
import { memoryStore } from "@fairlead/core";
import { storeSuite } from "@fairlead/testing/conformance";

let ahead = 0;
const clock = { now: () => Date.now() + ahead, sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) };
const lives = "what it holds belongs to one object";

storeSuite(
  { test, describe },
  {
    create: () => {
      const store = memoryStore({ clock });
      return { store, clock: { advance: (milliseconds) => (ahead += milliseconds) }, dispose: () => store.close() };
    },
    skip: {
      "everything is there after opening again": lives,
      "tokens and positions go on growing after opening again": lives,
      "stores on the same data refuse each other": lives,
      "of a hundred writers through two stores one succeeds": lives,
      "a watcher is told of what another store on the same data commits": lives,
    },
  },
);
