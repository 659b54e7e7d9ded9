import { expect, test } from "vitest";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

/** A role that may have two connections, of which another client has one. */
async function crowd(direct: Scene): Promise<{ readonly url: string; leave(): Promise<void> }> {
  const database = new URL(direct.url).pathname.slice(1);
  const role = `crowded_${database}`;
  await direct.query(
    `create role "${role}" login password 'crowded' connection limit 2; grant create on database "${database}" to "${role}"; grant create on schema public to "${role}"`,
  );
  const url = new URL(direct.url);
  url.username = role;
  url.password = "crowded";
  const stranger = await (await createScene({ url: url.href, migrations: direct.folder })).connect();
  return { url: url.href, leave: () => stranger.end() };
}

test("a server that takes no more connections is asked again, and what waits goes on when there is room", async () => {
  const direct = await createScene();
  const { url, leave } = await crowd(direct);
  await direct.write({ "1.sql": "create table a ()" });
  const { migrator } = await direct.again({ url });
  const applying = direct.apply("expand", migrator);
  await expect
    .poll(() => direct.log.map(({ message }) => message), { timeout: 90_000 })
    .toContainEqual(expect.stringMatching(/takes no more connections: .+; trying again/));
  await leave();
  expect(await applying).toEqual(["1"]);
});

test("when patience is over, the error says that there are too many connections", async () => {
  const direct = await createScene();
  const { url } = await crowd(direct);
  await direct.write({ "1.sql": "create table a ()" });
  const { migrator } = await direct.again({ url, patience: "100ms" });
  expect(await errorOf(direct.apply("expand", migrator))).toMatchObject({
    code: "POSTGRES_FULL",
    retryable: true,
    hint: expect.stringContaining("max_connections") as string,
  });
});
