// How fast the redactor is, next to the two ways in which secrets are commonly masked. Both look for the values as they are and for nothing else.
// Build first: npm run build && node bench/redactor.mjs
import { createHash } from "node:crypto";
import { createRedactor } from "../packages/core/dist/index.js";

const rounds = 9;
const roundMilliseconds = 150;

/** Bytes that look random and are the same in every run. */
function bytesFor(name, length) {
  return createHash("shake256", { outputLength: length }).update(name).digest();
}

/** A quarter each: tokens, keys with a common beginning, connection strings, passwords of every character that is escaped somewhere. */
function secretsOf(count) {
  return Array.from({ length: count }, (_, index) => {
    const random = bytesFor(`secret ${index}`, 24);
    if (index % 4 === 0) return random.toString("base64url");
    if (index % 4 === 1) return `sk_live_${random.toString("hex")}`;
    if (index % 4 === 2) return `postgres://shop:${random.toString("base64url")}%40x@db.example.com:5432/shop`;
    return `p@ss"w'r\\d ${random.toString("base64")}`;
  });
}

const plainLines = Array.from({ length: 200 }, (_, index) =>
  JSON.stringify({
    level: 30,
    time: `2026-11-21T04:${String(index % 60).padStart(2, "0")}:00.123Z`,
    message: `request completed in ${index * 3} ms for tenant ${index % 7}`,
    method: "GET",
    path: `/api/orders/${index * 1_234_567}/items`,
    requestId: bytesFor(`request ${index}`, 16).toString("hex"),
    userAgent: "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    steps: { database: index, render: index * 2, total: index * 3 },
    note: "the engine appends its intents and outcomes to the journal while the worker renews its lease, and nobody waits for a notification",
  }),
);

const nestedLines = Array.from({ length: 200 }, (_, index) => {
  const query = `SELECT "id", "name" FROM "orders" WHERE "tenant" = '${index}'\n  AND "state" = 'open'\n`;
  const url = `https://example.com/search?q=${encodeURIComponent(`blue shoes & "red" socks ${index}`)}&next=${encodeURIComponent("/cart?item=1")}`;
  return JSON.stringify({ level: 40, body: JSON.stringify({ query, url, headers: { accept: "*/*", etag: `W/"${index}"` } }) });
});

const everyEscapeLines = nestedLines.map((line, index) => {
  const html = `<a href=&quot;/x?a=1&amp;b=2&quot;>Tom &amp; Jerry&#39;s ${index}</a>`;
  const command = `sh -c 'echo '\\''it is ${index}'\\'''`;
  return JSON.stringify({ line, html, command, form: new URLSearchParams({ name: "Tom + Jerry", text: "a+b=c; d" }).toString() });
});

function splitAndJoin(secrets) {
  return (line) => secrets.reduce((text, secret) => text.split(secret).join("[redacted]"), line);
}

function oneExpression(secrets) {
  const expression = new RegExp(secrets.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  return (line) => line.replace(expression, "[redacted]");
}

function redactor(secrets) {
  const { register, text } = createRedactor();
  secrets.forEach((secret, index) => register(`SECRET_${index}`, secret));
  return text;
}

/** Megabytes in a second of processor time, which what else the machine does changes little. */
function speedOf(mask, lines) {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  const start = process.cpuUsage();
  for (let done = bytes; ; done += bytes) {
    for (const line of lines) mask(line);
    const { user, system } = process.cpuUsage(start);
    const milliseconds = (user + system) / 1_000;
    if (milliseconds >= roundMilliseconds) return done / 1_000 / milliseconds;
  }
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)];
}

console.log(`Medians of ${rounds} alternating rounds, MB/s; in brackets how many times as fast the redactor is.\n`);
console.log(["lines", "secrets", "redactor", "split and join", "one expression"].map((title) => title.padEnd(20)).join(""));
for (const [name, lines] of Object.entries({ plain: plainLines, "JSON in JSON": nestedLines, "every escape": everyEscapeLines })) {
  for (const count of [10, 50, 200]) {
    const secrets = secretsOf(count);
    const ways = [redactor(secrets), splitAndJoin(secrets), oneExpression(secrets)];
    for (const way of ways) speedOf(way, lines);
    const speeds = ways.map(() => []);
    for (let round = 0; round < rounds; round += 1) ways.forEach((way, index) => speeds[index].push(speedOf(way, lines)));
    const [ours, ...others] = speeds.map(median);
    const cells = [name, String(count), ours.toFixed(0), ...others.map((speed) => `${speed.toFixed(0)} (${(ours / speed).toFixed(1)})`)];
    console.log(cells.map((cell) => cell.padEnd(20)).join(""));
  }
}
