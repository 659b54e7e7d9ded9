import type { ComponentReference } from "@fairlead/core";
import { docker, requireService } from "@fairlead/test-support";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createCall, plainCall } from "./support/calls.js";
import { toPrepareInput } from "./support/inputs.js";
import {
  cleanUp,
  collect,
  createSubject,
  dockerCli,
  goodWorker,
  imageOf,
  inspect,
  patientOptions,
  running,
  sayReady,
} from "./support/real-engine.js";

beforeEach((context) => {
  requireService(context, docker);
});
afterAll(cleanUp);

test("prepare makes a container that carries its identity and runs nothing", async () => {
  const image = await imageOf(goodWorker);
  const { target, component } = await createSubject({ ...patientOptions, env: { QUEUE: "mail" }, memory: "128m" });
  const input = toPrepareInput(component, image, { variables: { SHOP: "on" } });

  const candidate = await target.prepare(input, createCall({ deploymentId: "dep_7" }));

  const container = await inspect(candidate.id);
  expect(container.State).toMatchObject({ Status: "created", Pid: 0 });
  expect(container.Config.Env).toEqual(
    expect.arrayContaining(["QUEUE=mail", "SHOP=on", `FAIRLEAD_RELEASE=${input.release.id}`, "FAIRLEAD_ENVIRONMENT=preview/pr-12"]),
  );
  expect(container.Config.Labels).toMatchObject({
    "fairlead.application": component.application,
    "fairlead.environment": "preview/pr-12",
    "fairlead.component": "worker",
    "fairlead.release": input.release.id,
    "fairlead.key": input.key,
    "fairlead.deployment": "dep_7",
    "fairlead.image": image,
    "fairlead.specification": expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(container.HostConfig).toMatchObject({ RestartPolicy: { Name: "no" }, Memory: 128 * 1024 * 1024 });
  expect(container.Name).toMatch(new RegExp(`^/${component.application}\\.preview-pr-12\\.worker\\.`));
  expect(await target.observe({ ...component, key: input.key }, plainCall)).toEqual({ status: "applied", candidate });
  expect(await target.current(component, plainCall)).toBeUndefined();
});

test("the same key is the same container, from several processes at once and after its tag has moved", async () => {
  const image = await imageOf(goodWorker);
  const { target, component } = await createSubject();
  const input = toPrepareInput(component, image);

  const together = await Promise.all(Array.from({ length: 6 }, () => target.prepare(input, createCall())));
  const original = await inspect(together[0]!.id);
  await dockerCli("tag", await imageOf("process.exit(9)"), image);
  const afterwards = await target.prepare(input, createCall());
  await target.promote({ ...component, candidate: afterwards }, createCall());

  expect(new Set([...together, afterwards].map(({ id }) => id)).size).toBe(1);
  expect(await dockerCli("ps", "--all", "--quiet", "--filter", `label=fairlead.application=${component.application}`)).not.toContain("\n");
  expect(await inspect(afterwards.id)).toMatchObject({ Image: original.Image, State: { Status: "running" } });
});

test("promote replaces what ran, keeps it for a rollback, and goes back to it", async () => {
  const { target, component } = await createSubject();
  const image = await imageOf(goodWorker);
  const first = toPrepareInput(component, image);
  const second = toPrepareInput(component, image);
  const one = await target.prepare(first, createCall());
  await target.promote({ ...component, candidate: one }, createCall());
  const two = await target.prepare(second, createCall());

  const forward = createCall();
  await target.promote({ ...component, candidate: two, previous: one }, forward);

  expect(await target.current(component, plainCall)).toEqual({ candidate: two, release: second.release.id, settled: true });
  expect(await inspect(one.id)).toMatchObject({ State: { Status: "exited", ExitCode: 0 } });
  expect(await inspect(two.id)).toMatchObject({ State: { Status: "running" }, HostConfig: { RestartPolicy: { Name: "unless-stopped" } } });
  expect(await target.retained(component, plainCall)).toMatchObject([{ candidate: one, release: first.release.id }]);
  expect(forward.records).toContainEqual(
    expect.objectContaining({ level: "info", message: expect.stringContaining("finished what it had begun") }),
  );

  await target.promote({ ...component, candidate: one, previous: two }, createCall());

  expect(await target.current(component, plainCall)).toEqual({ candidate: one, release: first.release.id, settled: true });
  expect(await inspect(two.id)).toMatchObject({ State: { Status: "exited", ExitCode: 0 } });
  expect(await target.retained(component, plainCall)).toMatchObject([{ candidate: two }]);
});

test("promoting what serves changes nothing", async () => {
  const { target, component } = await createSubject();
  const candidate = await target.prepare(toPrepareInput(component, await imageOf(goodWorker)), createCall());
  await target.promote({ ...component, candidate }, createCall());
  const before = await inspect(candidate.id);

  await target.promote({ ...component, candidate }, createCall());

  expect(await inspect(candidate.id)).toEqual(before);
});

test.for(["start-first", "stop-first"] as const)("with %s the two containers do or do not run at once", async (overlap) => {
  const { target, component } = await createSubject({ ...patientOptions, overlap });
  const image = await imageOf(goodWorker);
  const one = await target.prepare(toPrepareInput(component, image), createCall());
  await target.promote({ ...component, candidate: one }, createCall());
  const two = await target.prepare(toPrepareInput(component, image), createCall());

  const promoted = target.promote({ ...component, candidate: two, previous: one }, createCall());
  const most = await mostAtOnce(component, promoted);

  expect(most).toBe(overlap === "start-first" ? 2 : 1);
  expect(await target.current(component, plainCall)).toMatchObject({ candidate: two, settled: true });
});

async function mostAtOnce(component: ComponentReference, until: Promise<void>): Promise<number> {
  const ended = until.then(() => "ended");
  let most = 0;
  while ((await Promise.race([ended, setTimeout(0)])) !== "ended") most = Math.max(most, (await running(component)).length);
  return most;
}

test("what serves is not discarded, what does not is, and what is gone is fine", async () => {
  const { target, component } = await createSubject();
  const image = await imageOf(goodWorker);
  const one = await target.prepare(toPrepareInput(component, image), createCall());
  const two = await target.prepare(toPrepareInput(component, image), createCall());
  await target.promote({ ...component, candidate: one }, createCall());

  await expect(target.discard({ ...component, candidate: one }, createCall())).rejects.toMatchObject({ code: "DOCKER_CANDIDATE_SERVES" });
  await target.discard({ ...component, candidate: two }, createCall());
  await target.discard({ ...component, candidate: two }, createCall());

  await expect(inspect(two.id)).rejects.toThrow(/no such container/i);
  expect(await target.current(component, plainCall)).toMatchObject({ candidate: one, settled: true });
});

test("a container of somebody else is never adopted, promoted or removed", async () => {
  const { target, component } = await createSubject();
  const image = await imageOf(goodWorker);
  const input = toPrepareInput(component, image);
  const mine = await target.prepare(input, createCall());
  const { Name } = await inspect(mine.id);
  await target.discard({ ...component, candidate: mine }, createCall());
  const foreign = await dockerCli("create", "--name", Name.slice(1), "--label", `fairlead.application=${component.application}`, image);

  await expect(target.prepare(input, createCall())).rejects.toMatchObject({ code: "DOCKER_NAME_TAKEN", data: { name: Name.slice(1) } });
  const candidate = { id: foreign };
  await expect(target.promote({ ...component, candidate }, createCall())).rejects.toMatchObject({ code: "DOCKER_CANDIDATE_FOREIGN" });
  await expect(target.discard({ ...component, candidate }, createCall())).rejects.toMatchObject({ code: "DOCKER_CANDIDATE_FOREIGN" });
  expect(await inspect(foreign)).toMatchObject({ State: { Status: "created" } });
});

test("logs are the container's lines in their order, each from its stream", async () => {
  const { target, component } = await createSubject();
  const script = `
    console.log("first");
    setTimeout(() => console.error("second"), 50);
    setTimeout(async () => { console.log("ü".repeat(30_000)); ${sayReady} }, 100);
    setInterval(() => {}, 1000);
  `;
  const candidate = await target.prepare(toPrepareInput(component, await imageOf(script)), createCall());
  await target.promote({ ...component, candidate }, createCall());

  const lines = await collect(target.logs({ ...component, candidate }, plainCall));
  const last = lines.at(-1)!;
  const later = await collect(target.logs({ ...component, candidate, since: last.at }, plainCall));

  expect(lines.map(({ text, stream }) => [stream, text])).toEqual([
    ["stdout", "first"],
    ["stderr", "second"],
    ["stdout", "ü".repeat(30_000)],
  ]);
  expect(lines.map(({ at }) => at)).toEqual([...lines.map(({ at }) => at)].sort());
  expect(later).toEqual([last]);
});
