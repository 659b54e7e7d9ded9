import { afterEach, expect, test, vi } from "vitest";

const cases = Array.from({ length: 100 }, (_, index) => index);

async function loadWith(environment: Readonly<Record<string, string>>) {
  vi.resetModules();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { matrixCases } = await import("./matrix.js");
  return matrixCases;
}

afterEach(() => void vi.unstubAllEnvs());

test("a sample has the wanted size, keeps the order and depends on the seed alone", async () => {
  const first = (await loadWith({ FAIRLEAD_MATRIX: "", FAIRLEAD_SEED: "1" }))(cases, { sample: 10 });
  const again = (await loadWith({ FAIRLEAD_MATRIX: "", FAIRLEAD_SEED: "1" }))(cases, { sample: 10 });
  const other = (await loadWith({ FAIRLEAD_MATRIX: "", FAIRLEAD_SEED: "2" }))(cases, { sample: 10 });

  expect(first).toHaveLength(10);
  expect(first).toEqual([...first].sort((left, right) => left - right));
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test("the whole matrix runs where it is asked for", async () => {
  expect((await loadWith({ FAIRLEAD_MATRIX: "full" }))(cases, { sample: 10, most: 30 })).toEqual(cases);
});

test("a run of all matrices takes as much of the longest as they say", async () => {
  const matrixCases = await loadWith({ FAIRLEAD_MATRIX: "full", FAIRLEAD_MATRIX_CUT: "1" });
  expect(matrixCases(cases, { sample: 10 })).toEqual(cases);
  expect(matrixCases(cases, { sample: 10, most: 30 })).toHaveLength(30);
});
