import { docker, requireService } from "@fairlead/test-support";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildWorkerImage } from "./worker-image.js";

const run = promisify(execFile);
const engine = ["--host", `unix://${docker.socketPath}`];
const tags: string[] = [];

function freshTag(): string {
  const tag = `fairlead-testing/case:${randomUUID()}`;
  tags.push(tag);
  return tag;
}

async function outputOf(tag: string): Promise<string> {
  const { stdout } = await run("docker", [...engine, "run", "--rm", tag]);
  return stdout.trim();
}

describe("with an engine", () => {
  beforeEach((context) => {
    requireService(context, docker);
  });
  afterEach(async () => {
    for (const tag of tags.splice(0)) await run("docker", [...engine, "image", "rm", "--force", tag]);
  });

  test("a container of the image runs the script with this machine's Node.js", async () => {
    const tag = freshTag();

    const image = await buildWorkerImage({
      socketPath: docker.socketPath,
      tag,
      script: "console.log(`${process.pid} ${process.version}`)",
    });

    expect(image).toMatchObject({ available: true, tag, built: true });
    expect(await outputOf(tag)).toBe(`1 ${process.version}`);
  });

  test("the same content is built once, and other content moves the tag", async () => {
    const tag = freshTag();
    const build = (script: string) => buildWorkerImage({ socketPath: docker.socketPath, tag, script });

    const first = await build("console.log('one')");
    const again = await build("console.log('one')");
    const other = await build("console.log('two')");

    expect(again).toEqual({ ...first, built: false });
    expect(other).toMatchObject({ available: true, built: true });
    expect(other).not.toHaveProperty("id", first.available ? first.id : undefined);
    expect(await outputOf(tag)).toBe("two");
  });

  test("labels and the health check are the image's", async () => {
    const tag = freshTag();
    await buildWorkerImage({
      socketPath: docker.socketPath,
      tag,
      script: "",
      labels: { team: "shop" },
      healthcheck: { script: "process.exit(0)", interval: "200ms", retries: 2 },
    });

    const { stdout } = await run("docker", [...engine, "image", "inspect", "--format", "{{json .Config}}", tag]);

    expect(JSON.parse(stdout)).toMatchObject({
      Labels: { team: "shop" },
      Healthcheck: { Interval: 200_000_000, Retries: 2 },
    });
  });

  test("what the engine refuses is thrown with its words", async () => {
    const build = buildWorkerImage({ socketPath: docker.socketPath, tag: "Not A Tag", script: "" });

    await expect(build).rejects.toMatchObject({
      code: "TESTIMAGE_BUILD_FAILED",
      message: expect.stringContaining("invalid reference format"),
    });
  });
});

test("without an engine the answer says so", async () => {
  const image = await buildWorkerImage({ socketPath: "/nowhere/docker.sock", tag: "shop-worker:1", script: "" });

  expect(image).toEqual({ available: false, reason: "no Docker engine answers at /nowhere/docker.sock" });
});
