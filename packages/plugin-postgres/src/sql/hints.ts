/** Words of statements that end or begin transactions, say how they begin, or cannot run in one. What has none of them, in whatever place, has no such statement. */
const needsReading =
  /\b(?:abort|begin|call|checkpoint|cluster|commit|concurrently|copy|database|discard|end|prepared?|reindex|release|rollback|savepoint|start|subscription|system|tablespace|transaction|vacuum)\b/i;

/** Whether a text has to be read with PostgreSQL's parser before it is known how to run it. Says yes too often and never no in error. */
export function needsReadingToRun(text: string): boolean {
  return needsReading.test(text);
}

/** Words of statements that leave something behind in their session, or call what may: a trigger, or a function, which a default, a check, an index or a view calls too. */
const leavesTraces =
  /\b(?:alter|analy[sz]e|as|call|check|cluster|copy|declare|default|delete|discard|do|execute|explain|extension|index|insert|listen|load|lock|merge|perform|prepare|refresh|reindex|reset|role|select|set|set_config|temp|temporary|truncate|update|using|vacuum|values|with)\b|advisory|(?<!\b(?:create|drop|unlogged)\s+)\btable\b/i;

/** Whether something of a text may outlive its transaction in the session that ran it. Says yes too often and never no in error. */
export function mayLeaveTraces(text: string): boolean {
  return leavesTraces.test(text);
}
