// What `import "@fairlead/core"` costs a process, installed from its tarball, on every Node.js that is promised; and what each package that it loads costs alone. Every figure is measured in a
// process of its own, in turns, around the import. Run after `npm run build`:
// node bench/import.mjs [rounds]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { loadedPackages } from "../scripts/consumers/loaded-packages.mjs";
import { nodeVersions } from "../scripts/consumers/node-versions.mjs";
import { outputOf } from "../scripts/consumers/output-of.mjs";
import { installProject } from "../scripts/consumers/project.mjs";
import { packPackages } from "../scripts/pack-packages.mjs";

const rounds = Number(process.argv[2] ?? 15);
const core = "@fairlead/core";
const empty = "./empty.mjs";
const folder = mkdtempSync(join(tmpdir(), "fairlead-import-"));

const measure = `
const cpu = process.cpuUsage();
const start = performance.now();
await import(process.argv[2]);
const milliseconds = performance.now() - start;
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ milliseconds, cpu: (user + system) / 1_000 }));
`;

function quantile(numbers, share) {
  return numbers.toSorted((left, right) => left - right)[Math.floor((numbers.length - 1) * share)];
}

try {
  mkdirSync(join(folder, "tarballs"));
  const tarballs = (await packPackages(join(folder, "tarballs"))).filter((tarball) => basename(tarball).startsWith("fairlead-core-"));
  await installProject(folder, { tarballs });
  writeFileSync(join(folder, "empty.mjs"), "");
  writeFileSync(join(folder, "measure.mjs"), measure);
  console.log(`${rounds} rounds; milliseconds around the import: median (fastest to slowest), and CPU milliseconds: median.`);
  for (const { name, binary } of await nodeVersions()) {
    const packages = await loadedPackages(binary, folder, core);
    const figures = Object.fromEntries([empty, ...packages.keys()].map((entry) => [entry, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [entry, measured] of Object.entries(figures)) {
        measured.push(JSON.parse(await outputOf(binary, ["measure.mjs", entry], folder)));
      }
    }
    console.log(`\n${name}`);
    for (const [entry, measured] of Object.entries(figures)) {
      const times = measured.map(({ milliseconds }) => milliseconds);
      const [median, fastest, slowest] = [0.5, 0, 1].map((share) => quantile(times, share).toFixed(1));
      const cpu = quantile(
        measured.map((figure) => figure.cpu),
        0.5,
      ).toFixed(1);
      const what = entry === empty ? "an empty module" : `${entry}, ${packages.get(entry)} of its files`;
      console.log(`  ${what.padEnd(32)} ${median} (${fastest} to ${slowest}), CPU ${cpu}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
