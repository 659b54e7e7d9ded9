import type { Store, Timers } from "@fairlead/core";
import { withCommit, type Flaws } from "./flaw.js";

function withDue(store: Store, due: Timers["due"]): Store {
  return { ...store, timers: { due } };
}

export const timerFlaws: Flaws = {
  "says every timer is due": {
    breaks: (store, { notes }) =>
      withDue(
        withCommit(store, (commit) => {
          for (const { name, at } of commit.timers ?? []) {
            if (at === null) notes.delete(name);
            else notes.set(name, String(at));
          }
          return commit;
        }),
        async ({ prefix, limit }) =>
          [...notes]
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, at]) => ({ name, at: Number(at) }))
            .sort((one, other) => one.at - other.at)
            .slice(0, limit),
      ),
    fails: [
      "a timer is due when its time has come, and stays due",
      "a timer that is set anew is due at its new time alone",
      "a commit that is refused sets no timer",
    ],
  },
  "keeps the first time of a timer": {
    breaks: (store, { notes }) =>
      withCommit(store, (commit) => ({
        ...commit,
        timers: (commit.timers ?? []).map((timer) => {
          const first = notes.get(timer.name) ?? String(timer.at);
          notes.set(timer.name, first);
          return timer.at === null ? timer : { ...timer, at: Number(first) };
        }),
      })),
    fails: ["a timer is due when its time has come, and stays due", "a timer that is set anew is due at its new time alone"],
  },
  "never removes a timer": {
    breaks: (store) => withCommit(store, (commit) => ({ ...commit, timers: (commit.timers ?? []).filter(({ at }) => at !== null) })),
    fails: ["a timer that is removed is never due"],
  },
  "gives the latest timers first": {
    breaks: (store) =>
      withDue(store, async ({ prefix, limit }) => (await store.timers.due({ prefix, limit: 1_000 })).toReversed().slice(0, limit)),
    fails: ["the earliest timers come first, and as many as are asked for"],
  },
  "gives the timers of everybody": {
    breaks: (store) => withDue(store, ({ limit }) => store.timers.due({ prefix: "", limit })),
    fails: ["timers of other names are not due"],
  },
};
