import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { openLine } from "@fairlead/test-support";
import { checksSuite } from "@fairlead/testing/conformance";
import { describe, test } from "vitest";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

const password = "k3xQ9vLm2Zt7pRz8kW";
let roles = 0;

checksSuite(
  { test, describe },
  {
    patience: "60s",
    async create() {
      const scene = await createScene();
      roles += 1;
      const role = `checker_${String(roles)}`;
      await scene.query(`create role ${role} login password '${password}'`);
      const address = new URL(scene.url);
      const line = await openLine({ host: address.hostname, port: Number(address.port) });
      const url = `postgres://${role}:${password}@127.0.0.1:${String(line.port)}${address.pathname}`;
      const again = async () => (await scene.again({ url, migrations: scene.folder })).checks;
      const checks = await again();

      const cut = { "cut off": line.cut };
      const lockedOut = () => scene.query(`alter role ${role} nologin`);
      const recover = async () => {
        line.mend();
        await scene.query(`alter role ${role} login`);
      };
      const misnamed = "0001_orders.sql";
      return {
        checks,
        again,
        subjects: {
          postgres: { troubles: cut, silence: line.silence, recover },
          "postgres-server": { troubles: { ...cut, "locked out": lockedOut }, silence: line.silence, recover },
          "postgres-migrations": {
            troubles: {
              gone: () => rename(scene.folder, `${scene.folder}-moved`),
              unreadable: () => scene.write({ [misnamed]: "-- fairlead: sometimes\nselect 1;" }),
            },
            async recover() {
              await rename(`${scene.folder}-moved`, scene.folder).catch(() => undefined);
              await rm(join(scene.folder, misnamed), { force: true });
            },
          },
        },
        secrets: [password],
        dispose: () => line.close(),
      };
    },
  },
);
