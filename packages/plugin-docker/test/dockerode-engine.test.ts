import { systemClock, type Clock } from "@fairlead/core";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createDockerodeEngine } from "../src/engine/dockerode-engine.js";
import { answerJson, startScriptedEngine } from "./support/scripted-engine.js";

/** The machine's clock, a hundred times as fast, for whoever waits on it. */
const hastyClock: Clock = { now: systemClock.now, sleep: (milliseconds, options) => systemClock.sleep(milliseconds / 100, options) };
const { signal } = new AbortController();
const specification = { imageId: "sha256:1", environment: { SECRET_LOOKING: "value" }, labels: {}, stopSeconds: 1 };

beforeAll(async () => {
  // Loading the client takes longer than the hasty clock allows a request.
  await import("dockerode");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("what the statuses mean", () => {
  const cases = [
    { call: "start", status: 304, ends: "well" },
    { call: "stop", status: 304, ends: "well" },
    { call: "stop", status: 404, ends: "well" },
    { call: "start", status: 404, ends: "DOCKER_REQUEST_REFUSED" },
    { call: "start", status: 400, ends: "DOCKER_REQUEST_REFUSED" },
    { call: "start", status: 500, ends: "DOCKER_ENGINE_FAILED" },
    { call: "stop", status: 500, ends: "DOCKER_ENGINE_FAILED" },
  ] as const;

  test.for(cases)("$call answered with $status: $ends", async ({ call, status, ends }) => {
    await using server = await startScriptedEngine((_, response) => {
      if (status === 304) response.writeHead(304).end();
      else answerJson(response, status, { message: "the engine's own words" });
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });

    const called = call === "start" ? engine.start("abc", signal) : engine.stop("abc", 1, signal);

    if (ends === "well") await called;
    else
      await expect(called).rejects.toMatchObject({
        code: ends,
        data: { status, problem: "the engine's own words" },
        retryable: status === 500,
      });
  });

  test("a name that is taken is an answer, and the specification is not in the URL", async () => {
    await using server = await startScriptedEngine((_, response) => {
      answerJson(response, 409, { message: "Conflict. The container name is already in use" });
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });

    expect(await engine.create("shop.worker", specification, signal)).toBe("name-taken");
    expect(server.requests).toMatchObject([
      { url: "/containers/create?name=shop.worker", body: expect.stringContaining("SECRET_LOOKING=value") },
    ]);
  });

  test("removing waits until a container that is being removed is gone", async () => {
    let looks = 0;
    await using server = await startScriptedEngine((request, response) => {
      if (request.method === "DELETE") {
        answerJson(response, 409, { message: "removal of container abc is already in progress" });
        return;
      }
      looks += 1;
      if (looks === 3) {
        answerJson(response, 404, { message: "No such container: abc" });
        return;
      }
      answerJson(response, 200, containerAnswer);
    });

    await createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock }).remove("abc", signal);

    expect(looks).toBe(3);
  });

  test("a container that runs is not removed", async () => {
    await using server = await startScriptedEngine((_, response) => {
      answerJson(response, 409, { message: "You cannot remove a running container abc." });
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });

    await expect(engine.remove("abc", signal)).rejects.toMatchObject({ code: "DOCKER_REQUEST_REFUSED", data: { status: 409 } });
  });
});

describe("an engine that does not answer as it should", () => {
  test("silence ends after the time limit, and the connection with it", async () => {
    await using server = await startScriptedEngine(() => undefined);
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: hastyClock });

    for (const call of [
      () => engine.about(signal),
      () => engine.now(signal),
      () => engine.image("worker:1", signal),
      () => engine.pull("worker:1", undefined, signal),
      () => engine.hasNetwork("bridge", signal),
      () => engine.create("name", specification, signal),
      () => engine.find({}, signal),
      () => engine.container("abc", signal),
      () => engine.start("abc", signal),
      () => engine.stop("abc", 1, signal),
      () => engine.setRestartPolicy("abc", "no", signal),
      () => engine.remove("abc", signal),
      () => engine.fileModifiedAt("abc", "/tmp/heartbeat", signal),
      () => engine.logs("abc", {}, signal)[Symbol.asyncIterator]().next(),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: "DOCKER_TIMEOUT", retryable: true });
    }

    expect(server.requests).toHaveLength(14);
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    }, 60_000);
  });

  test("silence in the middle of an answer or of a stream ends as well", async () => {
    await using server = await startScriptedEngine((request, response) => {
      response.writeHead(200, request.method === "POST" ? {} : { "content-length": "1000" });
      response.write(`{"status":"Pulling"}\n`);
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: hastyClock });

    await expect(engine.about(signal)).rejects.toMatchObject({ code: "DOCKER_TIMEOUT" });
    await expect(engine.pull("worker:1", undefined, signal)).rejects.toMatchObject({ code: "DOCKER_TIMEOUT" });
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    }, 60_000);
  });

  test("a connection that breaks in the middle of an answer does not hang for ever", async () => {
    await using server = await startScriptedEngine((_, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{");
      response.socket?.destroy();
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: hastyClock });

    await expect(engine.about(signal)).rejects.toMatchObject({ retryable: true });
  });

  test("a caller who no longer wants the answer is let go at once, with the caller's reason", async () => {
    await using server = await startScriptedEngine(() => undefined);
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });
    const stop = new AbortController();
    const asked = engine.stop("abc", 600, stop.signal);
    await vi.waitFor(() => {
      expect(server.requests).toHaveLength(1);
    }, 60_000);

    const reason = new Error("deadline");
    stop.abort(reason);

    await expect(asked).rejects.toBe(reason);
    await vi.waitFor(() => {
      expect(server.open()).toBe(0);
    }, 60_000);
  });

  test("what the API does not promise is not believed", async () => {
    await using server = await startScriptedEngine((_, response) => {
      answerJson(response, 200, { Id: 7 });
    });
    const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });

    await expect(engine.container("abc", signal)).rejects.toMatchObject({ code: "DOCKER_ANSWER_UNREADABLE", retryable: false });
  });

  test("nobody at the socket", async () => {
    const engine = createDockerodeEngine({ socketPath: "/nowhere/docker.sock", clock: systemClock });

    await expect(engine.about(signal)).rejects.toMatchObject({
      code: "DOCKER_UNREACHABLE",
      retryable: true,
      data: { socketPath: "/nowhere/docker.sock" },
    });
  });
});

test("the configuration alone says which engine is meant, not the environment of the process", async () => {
  await using server = await startScriptedEngine((_, response) => {
    answerJson(response, 200, { Version: "27.0.0", ApiVersion: "1.46", Os: "linux", Arch: "amd64" });
  });
  vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
  vi.stubEnv("DOCKER_CLIENT_TIMEOUT", "1");

  const { version } = await createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock }).about(signal);

  expect(version).toBe("27.0.0");
});

test("ids from elsewhere stay within the path", async () => {
  await using server = await startScriptedEngine((_, response) => {
    answerJson(response, 404, { message: "page not found" });
  });
  const engine = createDockerodeEngine({ socketPath: server.socketPath, clock: systemClock });

  await engine.container("../images/json?all=1", signal);
  await engine.image("../containers/abc", signal);

  expect(server.requests.map(({ url }) => url)).toEqual([
    "/containers/..%2Fimages%2Fjson%3Fall%3D1/json",
    "/images/..%2Fcontainers%2Fabc/json",
  ]);
});

const containerAnswer = {
  Id: "abc",
  Name: "/shop.worker",
  Created: "2026-01-02T03:04:05.123456789Z",
  Image: "sha256:1",
  RestartCount: 0,
  State: {
    Status: "removing",
    StartedAt: "0001-01-01T00:00:00Z",
    FinishedAt: "0001-01-01T00:00:00Z",
    ExitCode: 0,
    OOMKilled: false,
    Error: "",
  },
  Config: { Labels: null },
  HostConfig: { RestartPolicy: { Name: "no" } },
};
