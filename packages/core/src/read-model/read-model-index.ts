/** An index of a read model. `weights` goes with keys of kind `text`. */
export interface ReadModelIndex {
  /** Stable and unique in its collection. */
  readonly name: string;
  readonly keys: Readonly<Record<string, 1 | -1 | 'text'>>;
  readonly unique?: boolean;
  readonly weights?: Readonly<Record<string, number>>;
}
