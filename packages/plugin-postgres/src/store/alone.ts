/** The beginning of a function that changes what commits are checked against: from here on it is alone, sees what everybody before it has written, and what it writes is on the disk when it ends. */
export function alone(lock: string): string {
  return `
      -- A snapshot from before the lock would show what is no longer true.
      if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'its role begins transactions as %', current_setting('transaction_isolation') using errcode = '0A000';
      end if;
      if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
      end if;
      perform pg_advisory_xact_lock(${lock});`;
}
