/** Those that wait for something to happen, with a limit. Plain timers: an abortable sleep costs more than a change. */
export class Waiters {
    waiting = new Set();
    wake() {
        // A copy, since who is woken may wait again at once.
        for (const wake of [...this.waiting])
            wake();
    }
    /** Settles at the next `wake`, or after so many milliseconds. */
    wait(milliseconds) {
        return new Promise((resolve) => {
            const end = () => {
                clearTimeout(timer);
                this.waiting.delete(end);
                resolve();
            };
            const timer = setTimeout(end, milliseconds);
            this.waiting.add(end);
        });
    }
}
