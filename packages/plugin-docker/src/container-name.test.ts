import { expect, test } from "vitest";
import { containerName } from "./container-name.js";

const worker = { application: "shop", environment: "production", component: "worker", role: "worker" } as const;
const release = "rel_01jd8m3qk5w2x7v9b4n6c8tq3x7vd";

test("a person can read what a container is", () => {
  expect(containerName(worker, release, "key-1")).toMatch(/^shop\.production\.worker\.q3x7vd-[0-9a-f]{8}$/);
});

test("the same key gives the same name, and nothing else does", () => {
  const names = [
    containerName(worker, release, "key-1"),
    containerName(worker, release, "key-2"),
    containerName({ ...worker, environment: "staging" }, release, "key-1"),
    containerName({ ...worker, environment: "preview/pr-12" }, release, "key-1"),
    containerName({ ...worker, environment: "preview-pr-12" }, release, "key-1"),
    containerName({ ...worker, component: "mailer" }, release, "key-1"),
  ];

  expect(new Set(names).size).toBe(names.length);
  expect(containerName(worker, release, "key-1")).toBe(names[0]);
});

test("any name of an application becomes one that the engine takes and a network can resolve", () => {
  for (const application of ["Käse & Brot", "--", "a".repeat(200), "_x", "@scope/shop"]) {
    const name = containerName({ ...worker, application }, release, "key-1");

    expect(name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
    expect(name.length).toBeLessThanOrEqual(63);
  }
});
