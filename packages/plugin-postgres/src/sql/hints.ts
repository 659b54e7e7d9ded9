/** Words of statements that end or begin transactions, say how they begin, or cannot run in one. What has none of them, in whatever place, has no such statement. */
const needsReading =
  /\b(?:abort|begin|call|checkpoint|cluster|commit|concurrently|copy|database|discard|end|prepared?|reindex|release|rollback|savepoint|start|subscription|system|tablespace|transaction|vacuum)\b/i;

/** Whether a text has to be read with PostgreSQL's parser before it is known how to run it. Says yes too often and never no in error. */
export function needsReadingToRun(text: string): boolean {
  return needsReading.test(text);
}
