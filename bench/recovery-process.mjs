// A process of `recovery.mjs`: it deploys, or works, until it is killed. `node recovery-process.mjs <what> <store> <folder>`; says when things happen, in milliseconds since the epoch.
const started = performance.timeOrigin;

const [what, kind, place] = process.argv.slice(2);

if (process.env["MACHINE"] !== undefined) {
  // As on another machine: whether its processes live cannot be proved from here.
  const [{ default: os }, { syncBuiltinESMExports }] = await Promise.all([import("node:os"), import("node:module")]);
  os.hostname = () => process.env["MACHINE"];
  syncBuiltinESMExports();
}

const [{ createDeployer, definePlugin, image, Secret, sqliteStore }, z] = await Promise.all([
  import("../packages/core/dist/index.js"),
  import("zod"),
]);

const say = (event) => process.send({ ...event, now: Date.now() });

const store =
  kind === "postgres"
    ? (await import("../packages/plugin-postgres/dist/store.js")).postgresStore({ url: new Secret("BENCH_DATABASE_URL", place) })
    : sqliteStore({ path: place });

/** What is prepared hangs while it is to be killed in it. */
const stalling = definePlugin({
  id: "stalling",
  provides: ["target", "checks"],
  options: z.strictObject({}),
  setup: () => ({
    checks: [{ scope: "candidate", name: "answers", run: () => ({ status: "up" }) }],
    target: {
      roles: ["web"],
      description: "a target that stalls",
      prepare: async () => {
        say({ event: "acts" });
        if (what === "deploy") await new Promise(() => undefined);
        return { id: "c1" };
      },
      observe: async () => ({ status: "absent" }),
      promote: async () => undefined,
      current: async () => undefined,
      retained: async () => [],
    },
  }),
});

const settle = Number(process.env["SETTLE"] ?? 0);
const deployer = createDeployer({
  application: "bench",
  store,
  plugins: [stalling({})],
  leaseTtl: process.env["LEASE"] ?? "15s",
  environments: {
    development: { target: "stalling", verify: { successes: 1 }, timeouts: { prepare: "1m", settle: `${settle}ms` } },
  },
});
deployer.onAny((event) => {
  if (event.type === "deployment.started" && what !== "deploy") say({ event: "has it" });
  if (event.type === "deployment.succeeded") say({ event: "succeeded" });
});

say({ event: "begins", started });
if (what === "deploy") await deployer.deploy({ environment: "development", source: image("bench:1") });
else if (what === "deploy-next") await deployer.deploy({ environment: "development", source: image("bench:2") });
else await deployer.work();
