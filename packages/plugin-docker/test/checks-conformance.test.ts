import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, type CandidateSubject } from "@fairlead/core";
import { docker, openLine, requireService } from "@fairlead/test-support";
import { checksSuite } from "@fairlead/testing/conformance";
import { afterAll, beforeEach, describe, test } from "vitest";
import { createCall } from "./support/calls.js";
import { toPrepareInput } from "./support/inputs.js";
import { cleanUp, createSubject, dockerCli, goodWorker, imageOf, patientOptions } from "./support/real-engine.js";

const password = "k3xQ9vLm2Zt7pRz8kW";

/** One worker serves for all cases: they leave it as they found it. */
let served: ReturnType<typeof serve> | undefined;
let lines = 0;

async function serve() {
  const { target, component } = await createSubject();
  const image = await imageOf(goodWorker);
  const prepare = async (): Promise<CandidateSubject> => {
    const input = toPrepareInput(component, image);
    return { ...component, release: input.release, candidate: await target.prepare(input, createCall()), live: true };
  };
  const before = await prepare();
  const now = await prepare();
  await target.promote({ ...component, candidate: before.candidate }, createCall());
  await target.promote({ ...component, candidate: now.candidate, previous: before.candidate }, createCall());
  return { component, before, now };
}

describe("the contract of checks", () => {
  beforeEach((context) => {
    requireService(context, docker);
  });
  afterAll(cleanUp);

  checksSuite(
    { test, describe },
    {
      patience: "60s",
      async create() {
        const { component, before, now } = await (served ??= serve());
        lines += 1;
        const socketPath = join(tmpdir(), `fairlead-line-${String(process.pid)}-${String(lines)}.sock`);
        const line = await openLine({ path: docker.socketPath }, { path: socketPath });
        const registries = { "registry.example.com": { username: "shop", password: new Secret("REGISTRY_PASSWORD", password) } };
        const again = async () => (await createSubject(patientOptions, { socketPath, registries }, component)).checks;
        const trouble = { silence: line.silence, recover: line.mend };
        return {
          checks: await again(),
          again,
          candidate: now,
          impostor: before,
          subjects: {
            "docker-engine": { ...trouble, troubles: { "cut off": line.cut } },
            "docker-worker": {
              ...trouble,
              troubles: { "cut off": line.cut, paused: () => dockerCli("pause", now.candidate.id) },
              async recover() {
                line.mend();
                await dockerCli("unpause", now.candidate.id).catch(() => undefined);
              },
            },
          },
          secrets: [password],
          async dispose() {
            await line.close();
            await rm(socketPath, { force: true });
          },
        };
      },
    },
  );
});
