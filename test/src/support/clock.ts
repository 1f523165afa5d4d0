/** Milliseconds of the machine's monotonic clock: one and the same in all processes of a machine, so that their histories can be compared. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
