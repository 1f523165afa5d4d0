/** So long an orderly end may take once the starter is gone, in milliseconds. */
const ORPHAN_MS = 1_500;

/**
 * Ends this process when the program that started it with a channel is gone, however that ended. First as if it had been asked to; but what that waits for
 * (a store, a broker) was often started by the same program, and is gone too, so it is given a second and a half, and no more: what is cut off then is
 * taken up by the next start, as after a crash. Does nothing in a process without a channel.
 */
export function endWithStarter(): void {
  const end = (): void => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), ORPHAN_MS).unref();
  };
  // Gone while this process was loading its modules: that is told to nobody any more.
  if (process.connected === false) return end();
  process.once('disconnect', end);
  // The channel itself keeps nobody alive.
  process.channel?.unref();
}
