/** Marks the files that are ours: "FAIR". */
export const applicationId = 0x46414952;

/** The first version of the schema that has labels. */
export const firstWithLabels = 2;

/** What Fairlead finds streams by. Every label costs a page in a commit: what nobody asks for, and what most streams have, is none. */
export const labelledMembers: readonly string[] = ["environment", "open", "waiting", "asleep", "key", "outcome"];

const labelled = `(${labelledMembers.map((member) => `'${member}'`).join(", ")})`;

/** Those of a summary, as rows of `label`: a text, or that something is true. */
const labelsOf = (summary: string): string => `
  SELECT key, CASE type WHEN 'text' THEN json_quote(value) ELSE type END FROM json_each(${summary})
  WHERE key IN ${labelled} AND type IN ('text', 'true')`;

/** Each brings the file from the version that is its index to the next. Never change one that was published. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE stream (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    summary TEXT NOT NULL
  ) STRICT;

  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    version INTEGER NOT NULL,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (stream, version)
  ) STRICT;

  CREATE TABLE claim (
    key TEXT PRIMARY KEY,
    owner TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- AUTOINCREMENT: a token is never given twice, also when the lease it belonged to is gone.
  CREATE TABLE lease (
    token INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    holder TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    dedupe_key TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL,
    lane TEXT NOT NULL,
    application TEXT NOT NULL,
    environment TEXT NOT NULL,
    notification TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    error TEXT,
    reference TEXT,
    holder TEXT,
    leased_until INTEGER
  ) STRICT;
  CREATE INDEX outbox_pending ON outbox (application, environment, lane, sequence) WHERE state = 'pending';
  CREATE TABLE timer (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX timer_at ON timer (at);
  CREATE INDEX outbox_dead ON outbox (application, sequence) WHERE state = 'dead';
  `,
  `
  -- So that what few streams have is found among many. Kept by the database itself.
  CREATE TABLE label (
    member TEXT NOT NULL,
    value TEXT NOT NULL,
    stream INTEGER NOT NULL,
    PRIMARY KEY (member, value, stream)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO label (member, value, stream)
    SELECT labels.key, CASE labels.type WHEN 'text' THEN json_quote(labels.value) ELSE labels.type END, stream.id
    FROM stream, json_each(stream.summary) AS labels WHERE labels.key IN ${labelled} AND labels.type IN ('text', 'true');
  CREATE TRIGGER stream_labels AFTER UPDATE OF summary ON stream WHEN OLD.summary <> NEW.summary BEGIN
    DELETE FROM label WHERE stream = OLD.id AND (member, value) IN (${labelsOf("OLD.summary")}) AND (member, value) NOT IN (${labelsOf("NEW.summary")});
    INSERT OR IGNORE INTO label (member, value, stream) SELECT *, NEW.id FROM (${labelsOf("NEW.summary")});
  END;
  `,
];
