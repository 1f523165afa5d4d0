declare const TIME: unique symbol;

/**
 * A moment of the store's own clock, as 16 hex digits (seconds, then a counter within the second).
 * Compare with `<` and `>`: the text sorts as the time does. Never compare it with a client's clock.
 */
export type StoreTime = string & { readonly [TIME]?: true };

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** Makes a store time of seconds since 1970 and a counter within that second, both below 2³². */
export function storeTime(seconds: number, counter: number): StoreTime {
  return hex(Math.max(0, seconds)) + hex(counter);
}

/** The whole seconds since 1970 of a store time. */
export function secondsOf(time: StoreTime): number {
  return Number.parseInt(time.slice(0, 8), 16);
}

/** The counter within its second of a store time. */
export function counterOf(time: StoreTime): number {
  return Number.parseInt(time.slice(8), 16);
}

/** The store time that lies whole seconds earlier. */
export function minusSeconds(time: StoreTime, seconds: number): StoreTime {
  return storeTime(secondsOf(time) - seconds, counterOf(time));
}
