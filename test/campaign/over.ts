/** The same thing, but for what `ways` does in place of it. */
export function over<T extends object>(thing: T, ways: Partial<T>): T {
  return new Proxy(thing, {
    get(target, key) {
      const own: unknown = Reflect.get(ways, key);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
