/** Those that wait for something to happen, with a limit. */
export class Waiters {
    environment;
    waiting = new Set();
    constructor(environment) {
        this.environment = environment;
    }
    wake() {
        const woken = [...this.waiting];
        this.waiting.clear();
        for (const wake of woken)
            wake();
    }
    /** Settles at the next `wake`, or after so many milliseconds. */
    async wait(milliseconds) {
        const limit = new AbortController();
        const woken = new Promise((resolve) => {
            const wake = () => {
                this.waiting.delete(wake);
                resolve();
            };
            this.waiting.add(wake);
            limit.signal.addEventListener('abort', wake, { once: true });
        });
        // The sleep ends with the wait: an abandoned timer would keep a stopping process alive.
        await Promise.race([woken, this.environment.sleep(milliseconds, limit.signal)]);
        // A reason of one's own saves the stack trace that the default one takes.
        limit.abort('woken');
    }
}
