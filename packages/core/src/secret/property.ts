/** What stands for a property whose getter throws. */
export const unreadable = "[unreadable]";

/** A property of anything, also of an object whose getters throw. */
export function readProperty(value: object, key: string): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return unreadable;
  }
}

/** Sets an own property, also one that is called `__proto__`. Two that end up with one name are both kept. */
export function putProperty(target: object, key: string, value: unknown): void {
  let free = key;
  for (let count = 2; Object.hasOwn(target, free); count += 1) free = `${key}#${count}`;
  Object.defineProperty(target, free, { value, enumerable: true, configurable: true, writable: true });
}
