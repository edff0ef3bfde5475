// What was found out of an object once, kept on the object itself, unseen. A WeakMap would do, but V8 frees what only one of those holds
// in its full collections alone: the webhook then spends a tenth of its time on moving dead reviews about, in pauses of 10 to 50 ms.

/** Like a WeakMap, for keys that may be extended. Copies of a key (`{...key}`) have nothing remembered. */
export class Remembered<K extends object, V> {
  private readonly name = Symbol();

  get(key: K): V | undefined {
    return (key as { readonly [name: symbol]: V })[this.name];
  }

  set(key: K, value: V): void {
    Object.defineProperty(key, this.name, { value, writable: true });
  }
}
