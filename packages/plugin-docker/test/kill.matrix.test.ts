import { docker, matrixCases, requireService } from "@fairlead/test-support";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { DockerWorkerOptions } from "../src/index.js";
import { createCall, plainCall } from "./support/calls.js";
import { toPrepareInput } from "./support/inputs.js";
import { runErrand, type Kill } from "./support/killed-process.js";
import { cleanUp, createSubject, dockerCli, goodWorker, imageOf, inspect, patientOptions, running } from "./support/real-engine.js";

beforeEach((context) => {
  requireService(context, docker);
});
afterAll(cleanUp);

/** Every moment at which a process can die that makes these calls of the engine. */
function killsOf(calls: readonly string[]): readonly Kill[] {
  return calls.flatMap((call) => (["before", "during", "after"] as const).map((moment) => ({ call, moment })));
}

/** Lets a process die on its errand. Only one that found its worker ready sooner, and so looked less often, may come home. */
async function dieOn(errand: Parameters<typeof runErrand>[0], kill: Kill): Promise<void> {
  const report = await runErrand({ ...errand, kill });
  if (report === undefined) return;
  expect(kill.call).toMatch(/^start (container|fileModifiedAt) /);
  expect(report.calls).not.toContain(kill.call);
}

async function containersOf(application: string): Promise<readonly string[]> {
  const ids = await dockerCli("ps", "--all", "--quiet", "--no-trunc", "--filter", `label=fairlead.application=${application}`);
  return ids === "" ? [] : ids.split("\n");
}

test.concurrent.for(["start-first", "stop-first"] as const)(
  "a %s promote that is killed is finished by the next process",
  async (overlap) => {
    const worker: DockerWorkerOptions = { ...patientOptions, overlap };
    const { target, component } = await createSubject(worker);
    const image = await imageOf(goodWorker);
    const prepare = () => target.prepare(toPrepareInput(component, image), createCall());
    let old = await prepare();
    await target.promote({ ...component, candidate: old }, createCall());

    /** Replaces what serves, by a process that is killed and one that is not, and looks at what has become of both. */
    const replace = async (kill?: Kill): Promise<readonly string[]> => {
      const candidate = await prepare();
      const errand = { worker, act: { method: "promote", input: { ...component, candidate, previous: old } } } as const;
      if (kill !== undefined) await dieOn(errand, kill);
      const report = await runErrand(errand);

      expect(report?.error).toBeUndefined();
      expect(await target.current(component, plainCall)).toMatchObject({ candidate, settled: true });
      expect(await running(component)).toHaveLength(1);
      expect((await inspect(old.id)).State).toMatchObject({ Status: "exited", ExitCode: 0 });
      expect((await dockerCli("logs", old.id)).split("\n").filter((line) => line === "finished")).toHaveLength(1);
      expect((await dockerCli("logs", candidate.id)).split("\n")).toEqual([expect.stringContaining("working as rel_")]);
      expect([...(await containersOf(component.application))].sort()).toEqual([old.id, candidate.id].sort());
      await target.discard({ ...component, candidate: old }, createCall());
      old = candidate;
      return report?.calls ?? [];
    };

    const calls = await replace();
    for (const kill of matrixCases(killsOf(calls), { sample: 5 })) {
      await replace(kill).catch((error: unknown) => {
        throw new Error(`killed ${kill.moment} "${kill.call}"`, { cause: error });
      });
    }
  },
);

test.concurrent("a preparation that is killed is adopted by the next process", async () => {
  const worker = patientOptions;
  const image = await imageOf(goodWorker);

  const prepare = async (kill?: Kill): Promise<readonly string[]> => {
    const { component } = await createSubject(worker);
    const input = toPrepareInput(component, image);
    const errand = { worker, act: { method: "prepare", input } } as const;
    if (kill !== undefined) await dieOn(errand, kill);
    const report = await runErrand(errand);

    const [made, ...others] = await containersOf(component.application);
    expect(report?.candidate?.id).toBe(made);
    expect(others).toEqual([]);
    expect((await inspect(made ?? "")).State.Status).toBe("created");
    return report?.calls ?? [];
  };

  const calls = await prepare();
  for (const kill of matrixCases(killsOf(calls), { sample: 5 })) await prepare(kill);
});
