import { describe, expect, test } from "vitest";
import type { Release } from "../contract/release.js";
import { changesBetween } from "./changes.js";

function release(id: string, more: Partial<Release> = {}): Release {
  return {
    id,
    application: "shop",
    createdAt: "2026-01-01T00:00:00Z",
    provenance: {},
    artifacts: {},
    migrations: [],
    contentDigest: `sha256:${id}`,
    ...more,
  };
}

const imageOf = (reference: string) => ({ kind: "image", digest: `sha256:${reference}`, reference }) as const;
const migration = (id: string, phase: "expand" | "contract" = "expand", checksum = `sha256:${id}`) => ({ id, phase, checksum });

describe("what is different in a release", () => {
  test("is told by component, migration and name of a variable, and never a value", () => {
    const changes = changesBetween(
      {
        release: release("one", {
          provenance: { commit: "aaa1111", branch: "main" },
          artifacts: { web: imageOf("web:1"), mail: imageOf("mail:1"), jobs: imageOf("jobs:1") },
          migrations: [migration("0001"), migration("0002")],
        }),
        variables: { web: { LEVEL: "info", COLOUR: "blue", SIZE: "1" } },
      },
      {
        release: release("two", {
          provenance: { commit: "bbb2222", branch: "main", message: "Sell tea" },
          artifacts: { web: imageOf("web:2"), jobs: imageOf("jobs:1"), tea: { kind: "directory", digest: "sha256:t", files: 1 } },
          migrations: [migration("0001"), migration("0002", "expand", "sha256:edited"), migration("0003", "contract")],
        }),
        variables: { web: { LEVEL: "s3cret-value", COLOUR: "blue", TEA: "yes" } },
      },
    );
    expect(changes).toEqual({
      from: "one",
      to: "two",
      commits: { from: "aaa1111", to: "bbb2222", between: null },
      branches: { from: "main", to: "main" },
      message: "Sell tea",
      components: [
        { component: "jobs", change: "same", from: "jobs:1", to: "jobs:1" },
        { component: "mail", change: "removed", from: "mail:1", to: null },
        { component: "tea", change: "added", from: null, to: "1 file" },
        { component: "web", change: "changed", from: "web:1", to: "web:2" },
      ],
      migrations: {
        added: [migration("0002", "expand", "sha256:edited"), migration("0003", "contract")],
        removed: [migration("0002")],
      },
      variables: [
        { component: "web", name: "LEVEL", change: "changed" },
        { component: "web", name: "SIZE", change: "removed" },
        { component: "web", name: "TEA", change: "added" },
      ],
      others: false,
    });
    expect(JSON.stringify(changes)).not.toContain("s3cret");
  });

  test("is the commits between, as the later of the two recorded them; going back, what was added is dropped", () => {
    const list = (...subjects: string[]) => ({ listed: subjects.map((subject) => ({ commit: "c", author: "Ada", subject })), more: 0 });
    const [added, dropped] = [list("sell tea", "sell milk"), list("sell coal")];
    const one = { release: release("one", { provenance: { commit: "aaa1111" } }), variables: {} };
    const two = {
      release: release("two", { provenance: { commit: "bbb2222" } }),
      variables: {},
      commits: { since: "aaa1111", added, dropped },
    };
    const three = { release: release("three", { provenance: { commit: "ccc3333" } }), variables: {} };
    expect(changesBetween(one, two).commits).toEqual({ from: "aaa1111", to: "bbb2222", between: { added, dropped } });
    expect(changesBetween(two, one).commits.between).toEqual({ added: dropped, dropped: added });
    for (const [before, after] of [
      [three, two],
      [two, three],
      [undefined, two],
      [one, three],
    ] as const) {
      expect(changesBetween(before, after).commits.between).toBeNull();
    }
    const unknown = { release: release("four"), variables: {} };
    expect([changesBetween(unknown, unknown).commits.between, changesBetween(two, unknown).commits.between]).toEqual([null, null]);
  });

  test("is something else where the content differs and nothing that is named does", () => {
    const one = { release: release("one"), variables: {} };
    const two = { release: release("two"), variables: {} };
    expect(changesBetween(one, two).others).toBe(true);
    expect(changesBetween(one, { ...two, release: release("two", { contentDigest: "sha256:one" }) }).others).toBe(false);
    // Variables that nobody knows may be what it was.
    expect(changesBetween({ ...one, variables: null }, two)).toMatchObject({ variables: null, others: false });
  });

  test("of the first one is all of it", () => {
    const first = { release: release("one", { artifacts: { web: imageOf("web:1") }, migrations: [migration("0001")] }), variables: {} };
    expect(changesBetween(undefined, first)).toMatchObject({
      from: null,
      components: [{ component: "web", change: "added" }],
      migrations: { added: [{ id: "0001" }], removed: [] },
      variables: null,
      others: false,
    });
  });

  test("knows names that objects have by themselves", () => {
    const odd = {
      release: release("two", { artifacts: { constructor: imageOf("web:1") } }),
      variables: { constructor: { toString: "x" } },
    };
    expect(changesBetween({ release: release("one"), variables: {} }, odd)).toMatchObject({
      components: [{ component: "constructor", change: "added", from: null }],
      variables: [{ component: "constructor", name: "toString", change: "added" }],
    });
  });
});
