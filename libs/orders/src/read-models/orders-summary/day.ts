/** The day (UTC) of a moment, as `2026-01-31`. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The beginning of a day. */
export function beginningOf(day: string): Date {
  return new Date(`${day}T00:00:00.000Z`);
}
