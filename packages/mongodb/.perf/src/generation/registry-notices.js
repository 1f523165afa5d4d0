const POLL_MS = 2_000;
/** Tells listeners that the registry may have changed: at once in this process and where the feed lives, else every two seconds. */
export class RegistryNotices {
    source;
    environment;
    listeners = new Set();
    stop;
    constructor(source, environment) {
        this.source = source;
        this.environment = environment;
    }
    listen(listener) {
        // Of one function that listens twice, each time ends by itself.
        const own = () => listener();
        this.listeners.add(own);
        this.stop ??= this.start();
        return () => {
            if (!this.listeners.delete(own) || this.listeners.size > 0)
                return;
            this.stop?.();
            this.stop = undefined;
        };
    }
    tell() {
        for (const listener of [...this.listeners])
            listener();
    }
    start() {
        const unlisten = this.source.onNotice(() => this.tell());
        const unpoll = this.environment.every(POLL_MS, () => {
            if (this.source.alive)
                return;
            this.source.revive();
            this.tell();
        });
        return () => {
            unlisten();
            unpoll();
        };
    }
}
