/** Those that are about environments of which the answer is yes; each is asked for once. */
export async function readableOf<Item>(
  items: readonly Item[],
  environmentOf: (item: Item) => string,
  may: (environment: string) => Promise<boolean>,
): Promise<readonly Item[]> {
  const names = [...new Set(items.map(environmentOf))];
  const answers = new Map(await Promise.all(names.map(async (name) => [name, await may(name)] as const)));
  return items.filter((item) => answers.get(environmentOf(item)) === true);
}
