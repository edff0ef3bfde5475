// What was found out of an object once, kept on the object itself, unseen. A WeakMap would do, but V8 frees what only a WeakMap holds in full
// collections alone: beside that, the webhook's scavenges took 8 to 10 ms, not 3, and a review 0.91 ms of processor, not 0.57 (bench/webhook.ts).

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
