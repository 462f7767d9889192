// A value that parts of the page share, and that tells them when it is another.
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(shared: Store<T>): T {
  const [value, setValue] = useState(shared.get());
  useEffect(() => {
    const update = () => setValue(() => shared.get());
    // It may have changed between the first drawing and now.
    update();
    return shared.subscribe(update);
  }, [shared]);
  return value;
}
