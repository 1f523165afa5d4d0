/** Without the journal in the concern each write waits for the 100 ms journal cycle; without a limit, for a majority that may never come. */
export const DURABLE_IN_TIME = { w: 'majority', j: true, wtimeoutMS: 10_000 };
/** A transaction that reads and writes what can no longer be lost. */
export const DURABLE_TRANSACTION = {
    readConcern: { level: 'snapshot' },
    readPreference: 'primary',
    writeConcern: DURABLE_IN_TIME,
};
