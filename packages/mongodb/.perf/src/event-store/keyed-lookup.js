const AT_ONCE = 2;
const IDS_A_READ = 500;
/**
 * Looks for commits by their key. Requests that arrive while two reads are under way share the next one; each is answered by a
 * read that began after it was asked.
 */
export class KeyedLookup {
    reader;
    waiting = [];
    running = 0;
    constructor(reader) {
        this.reader = reader;
    }
    find(stream, id) {
        return new Promise((resolve, reject) => {
            this.waiting.push({ stream, id, resolve, reject });
            if (this.running < AT_ONCE)
                queueMicrotask(() => this.pump());
        });
    }
    pump() {
        while (this.running < AT_ONCE && this.waiting.length > 0) {
            this.running += 1;
            void this.answer(this.waiting.splice(0, IDS_A_READ)).finally(() => {
                this.running -= 1;
                this.pump();
            });
        }
    }
    async answer(requests) {
        try {
            const { stubs, time } = await this.reader.keyed(requests.map(({ id }) => id));
            const found = new Map(stubs.map((stub) => [keyOf(stub._id.s, stub.c), stub]));
            for (const { stream, id, resolve } of requests) {
                const stub = found.get(keyOf(stream, id));
                resolve(stub && { stub, time });
            }
        }
        catch (error) {
            for (const { reject } of requests)
                reject(error);
        }
    }
}
function keyOf(stream, id) {
    return `${id.toString('hex')} ${stream}`;
}
