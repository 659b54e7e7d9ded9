import type { Lease, LeaseAnswer, Leases } from "../../contract/store.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Clock } from "../../time/clock.js";
import type { Connection } from "./connection.js";
import type { Database } from "./database.js";
import { parseObject } from "./streams.js";

interface LeaseRow {
  readonly token: number;
  readonly holder: string;
  readonly expiresAt: number;
}

export function sqliteLeases(connection: Connection, clock: Clock): Leases {
  return {
    acquire: ({ name, holder, ttl, takeOver }) =>
      connection.write((database): LeaseAnswer => {
        const now = clock.now();
        const held = readLease(database, name);
        if (held !== undefined && held.expiresAt > now && held.token !== takeOver) return { granted: false, held };
        const expiresAt = Math.ceil(now + ttl);
        database.run("DELETE FROM lease WHERE name = ?", name);
        const token = database.run(
          "INSERT INTO lease (name, holder, expires_at) VALUES (?, ?, ?)",
          name,
          JSON.stringify(holder),
          expiresAt,
        ).row;
        return { granted: true, lease: { name, token, holder: parseObject(JSON.stringify(holder)), expiresAt } };
      }),
    renew: ({ name, token }, ttl) =>
      connection.write((database) => {
        const expiresAt = Math.ceil(clock.now() + ttl);
        const sql = "UPDATE lease SET expires_at = ? WHERE name = ? AND token = ? RETURNING holder";
        const renewed = database.first<{ readonly holder: string }>(sql, expiresAt, name, token);
        if (renewed === undefined) throw fail(coreErrors, "LEASE_LOST", { lease: name, token });
        return { name, token, holder: parseObject(renewed.holder), expiresAt };
      }),
    release: ({ name, token }) =>
      connection.write((database) => {
        database.run("DELETE FROM lease WHERE name = ? AND token = ?", name, token);
      }),
    read: (name) => connection.read((database) => readLease(database, name)),
  };
}

function readLease(database: Database, name: string): Lease | undefined {
  const row = database.first<LeaseRow>("SELECT token, holder, expires_at AS expiresAt FROM lease WHERE name = ?", name);
  return row === undefined ? undefined : { name, ...row, holder: parseObject(row.holder) };
}
