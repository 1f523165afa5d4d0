interface Upcoming<Subject, Answer> {
  readonly subjects: Set<Subject>;
  readonly answer: Promise<Answer>;
}

/**
 * A question that many have at once. Whoever asks while it is on its way is answered by the next one, together with all others who came meanwhile: so a thousand
 * who ask are two questions at most, one after the other, and no answer is older than its asking.
 */
export class SharedQuestion<Subject, Answer> {
  /** Ends when the last one that was opened is answered, well or not. */
  private last: Promise<void> | undefined;
  /** Not put yet. */
  private upcoming: Upcoming<Subject, Answer> | undefined;

  /** `put` asks about all subjects at once. */
  constructor(private readonly put: (subjects: readonly Subject[]) => Promise<Answer>) {}

  /** Whether nothing is asked, or about to be. */
  get isIdle(): boolean {
    return this.last === undefined;
  }

  /** Throws what `put` throws, to all who asked together. */
  ask(subject: Subject): Promise<Answer> {
    this.upcoming ??= this.open();
    this.upcoming.subjects.add(subject);
    return this.upcoming.answer;
  }

  private open(): Upcoming<Subject, Answer> {
    const subjects = new Set<Subject>();
    const answer = (this.last ?? Promise.resolve()).then(() => {
      this.upcoming = undefined;
      return this.put([...subjects]);
    });
    const over = (): void => {
      if (this.last === ended) this.last = undefined;
    };
    const ended: Promise<void> = answer.then(over, over);
    this.last = ended;
    return { subjects, answer };
  }
}
