const FIRST_MS = 50;
const LONGEST_MS = 5_000;
/** Milliseconds to wait after so many failures in a row: doubling to 5 s, with jitter, so that processes do not come back together. */
export function pauseAfter(failures, environment) {
    const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20));
    return full * (0.5 + environment.random() / 2);
}
