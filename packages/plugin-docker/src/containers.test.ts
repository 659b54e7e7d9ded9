import { describe, expect, test } from "vitest";
import { retainedOf, servingOf } from "./containers.js";
import type { ContainerFacts } from "./engine/facts.js";

function container(name: string, facts: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    id: `id-${name}`,
    name,
    labels: { "fairlead.release": `rel_${name}` },
    imageId: "sha256:1",
    createdAt: Date.UTC(2026, 0, 1),
    status: "running",
    startedAt: 1_000,
    exitCode: 0,
    outOfMemory: false,
    engineError: "",
    restarts: 0,
    restartPolicy: "unless-stopped",
    ...facts,
  };
}

describe("what serves", () => {
  test("is the one container that runs and has passed its gate", () => {
    const stopped = container("stopped", { status: "exited", startedAt: 9_000 });

    expect(servingOf([stopped, container("one")])).toEqual({
      candidate: { id: "id-one", data: { name: "one", image: "sha256:1", imageId: "sha256:1" } },
      release: "rel_one",
      settled: true,
    });
  });

  test("is nothing when none runs", () => {
    expect(servingOf([container("stopped", { status: "exited" }), container("new", { status: "created" })])).toBeUndefined();
  });

  test("is the old one while the new one has not passed its gate", () => {
    const fresh = container("fresh", { startedAt: 2_000, restartPolicy: "no" });

    expect(servingOf([fresh, container("old")])).toMatchObject({
      candidate: { id: "id-old" },
      settled: false,
      note: expect.stringMatching(/2 containers run: fresh, old/),
    });
  });

  test("is the new one, not settled, while the old one finishes", () => {
    expect(servingOf([container("old"), container("new", { startedAt: 2_000 })])).toMatchObject({
      candidate: { id: "id-new" },
      settled: false,
    });
  });

  test("is not settled while the only one has not passed its gate", () => {
    expect(servingOf([container("first", { restartPolicy: "no" })])).toMatchObject({
      settled: false,
      note: expect.stringContaining("has not passed its gate"),
    });
  });

  test("is also one that the engine starts again and again, with a word about it", () => {
    expect(servingOf([container("one", { status: "restarting" })])).toMatchObject({
      settled: true,
      note: expect.stringContaining("restarting"),
    });
  });
});

test("retained is what ran, passed and was stopped, newest first", () => {
  const retained = retainedOf([
    container("older", { status: "exited", createdAt: Date.UTC(2026, 0, 1) }),
    container("serving"),
    container("newer", { status: "exited", createdAt: Date.UTC(2026, 0, 2) }),
    container("failed", { status: "exited", restartPolicy: "no" }),
    container("prepared", { status: "created", restartPolicy: "no" }),
  ]);

  expect(retained).toMatchObject([
    { release: "rel_newer", createdAt: "2026-01-02T00:00:00.000Z" },
    { release: "rel_older", createdAt: "2026-01-01T00:00:00.000Z" },
  ]);
  expect(retained).toHaveLength(2);
});
