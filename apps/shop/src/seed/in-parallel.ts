/**
 * Does something for every item, at most `width` at a time. Throws the first failure once what was under way has ended. An
 * aborted signal lets no more items begin.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  each: (item: T, index: number) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<void> {
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed && signal?.aborted !== true) {
      const index = next;
      next += 1;
      try {
        await each(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(width, items.length) }, worker));
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
}
