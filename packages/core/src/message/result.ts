/** The key of a message's phantom result: it exists in types only. */
export declare const RESULT: unique symbol;

/** The key that keeps queries from standing where commands are asked for, and commands from standing for queries. */
export declare const KIND: unique symbol;

/** What a command or a query answers. */
export type ResultOf<M> = M extends { readonly [RESULT]?: infer R } ? R : never;
