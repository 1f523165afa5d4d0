// npm runs scripts through a shell, which ends at a signal without handing it on: whoever loses its parent ends as if it had got the signal.
export function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
