import DataLoader from 'dataloader';

/** As long as requests to Kafka wait for each other. */
const HELD_BACK_MS = 5;
const MOST_IN_ONE = 100;

/**
 * Makes one request to the store of what several callers ask for at the same time. The first one departs at the end of its
 * turn of the event loop; while it is under way the next ones gather, for 5 ms at most, and depart together. So nobody waits
 * while little is to do, and requests grow with the load. Nothing is kept for later callers.
 */
export class SharedRequests<Q, A> {
  private readonly loader: DataLoader<Q, A>;
  private readonly heldBack: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private underWay = 0;

  /** `request` answers in the order of the questions, with an Error where only one of them failed; 100 of them at most. */
  constructor(request: (questions: readonly Q[]) => Promise<(A | Error)[]>) {
    this.loader = new DataLoader(
      async (questions) => {
        this.underWay++;
        try {
          return await request(questions);
        } finally {
          this.underWay--;
          if (this.underWay === 0) this.release();
        }
      },
      { cache: false, maxBatchSize: MOST_IN_ONE, batchScheduleFn: (depart) => this.schedule(depart) },
    );
  }

  ask(question: Q): Promise<A> {
    return this.loader.load(question);
  }

  private schedule(depart: () => void): void {
    if (this.underWay === 0) return void setImmediate(depart);
    this.heldBack.push(depart);
    this.timer ??= setTimeout(() => this.release(), HELD_BACK_MS);
  }

  private release(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const depart of this.heldBack.splice(0)) depart();
  }
}

/** The answers of requests that are made apart, or why there is none. */
export function allOf<Q, A>(questions: readonly Q[], request: (question: Q) => Promise<A>): Promise<(A | Error)[]> {
  return Promise.all(
    questions.map((question) =>
      request(question).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
    ),
  );
}
