const DEFAULT_SECONDS = 300;
const LIFETIMES = 3;
/** The server's default; taken where this user may not ask. */
const LIFETIME_SECONDS = 60;
/**
 * How long after its time a commit may become visible: the wanted time, 300 s by default, but at least three times as long
 * as the server lets a transaction live.
 */
export async function horizonSeconds(db, wanted = DEFAULT_SECONDS) {
    const lifetime = await db
        .admin()
        .command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 })
        .then((answer) => Number(answer['transactionLifetimeLimitSeconds']))
        .catch(() => LIFETIME_SECONDS);
    return Math.max(wanted, LIFETIMES * (Number.isFinite(lifetime) ? lifetime : LIFETIME_SECONDS));
}
