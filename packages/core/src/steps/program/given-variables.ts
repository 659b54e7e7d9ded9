/** What this process was started with. Programs that it starts need some of it, if only to be found; nothing else of a library may look there. */
export function givenVariables(): Readonly<Record<string, string | undefined>> {
  // eslint-disable-next-line no-restricted-properties -- a program is handed what a program is always handed
  return process.env;
}
