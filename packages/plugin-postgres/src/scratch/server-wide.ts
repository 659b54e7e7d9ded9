/** What reaches beyond its database, so that trying it on a scratch database would change what is in use. */
const serverWide: readonly RegExp[] = [
  /\b(?:create|alter|drop)\s+(?:role|group|user(?!\s+mapping)|tablespace|database|subscription)\b/i,
  /\balter\s+system\b/i,
  /\b(?:comment|security\s+label)\s+(?:for\s+\S+\s+)?on\s+(?:role|tablespace|database|subscription)\b/i,
  /\b(?:drop|reassign)\s+owned\b/i,
  // Of roles to roles; what is granted on something belongs to the database.
  /\b(?:grant|revoke)\b(?![^;]*\bon\b)[^;]*\b(?:to|from)\b/i,
  /\bon\s+(?:database|tablespace|parameter)\b/i,
  // Other servers, and files: what is written there is in use.
  /\b(?:create|alter)\s+server\b/i,
  /\bcreate\s+foreign\s+table\b/i,
  /\bimport\s+foreign\s+schema\b/i,
  /\bcopy\b[^;]*\bto\s+(?:program\b|e?'|\$|u&')/i,
  /\bfrom\s+program\b/i,
  /\blo_export\b/i,
  /\b(?:http|http_(?:get|post|put|patch|delete|head)|net\s*\.\s*http_\w+)"?\s*\(/i,
  /\bpg_(?:create|drop|copy)_\w*replication_slot\b/i,
  /\bdblink\w*"?\s*\(/i,
  /\bpg_cron\b/i,
];

/**
 * The place in a text that may reach beyond its database, if there is one. It only decides whether something is tried out: what looks like it, in a value for instance, is not, and then
 * nothing is proved.
 */
export function findServerWide(text: string): string | undefined {
  const said = withoutComments(text);
  for (const pattern of serverWide) {
    const found = pattern.exec(said)?.[0];
    if (found !== undefined) return found.replaceAll(/\s+/g, " ").slice(0, 60);
  }
  return undefined;
}

/** Texts, names and bodies of functions, in which `--` begins no comment; then comments. */
const quotedOrComment =
  /[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*(?:(?!\/\*)[\s\S])*?\*\//g;

/** Comments within comments, and those in bodies of functions, stay. */
function withoutComments(text: string): string {
  return text.replaceAll(quotedOrComment, (found) => (found.startsWith("--") || found.startsWith("/*") ? " " : found));
}
