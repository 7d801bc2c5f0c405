const MINUTE_MS = 60_000;
/** Kinds of trouble are few; where they are made of what somebody sent, the rest are told as one. */
const MOST_KINDS = 100;
const THE_REST = 'of other kinds';

/** One kind of trouble, since it was last told. */
interface Course {
  /** How often since then. */
  count: number;
  latest: string;
}

/**
 * Tells of what may happen at every request, such as an outage, in few lines: the first at once, then once a minute how
 * often since and the latest, and when a minute went by without, that it is over. The next is a first one again.
 */
export class Recurring {
  private readonly courses = new Map<string, Course>();

  constructor(private readonly tell: (line: string) => void) {}

  /** Something of this kind happened, as `line` says; `details`, such as a stack, are told with the first alone. */
  note(kind: string, line: string, details = ''): void {
    const name = this.courses.has(kind) || this.courses.size < MOST_KINDS ? kind : THE_REST;
    const course = this.courses.get(name);
    if (course) {
      course.count++;
      course.latest = line;
      return;
    }
    this.courses.set(name, { count: 0, latest: line });
    this.tell(details === '' ? line : `${line}\n${details}`);
    this.lookLater(name);
  }

  private lookLater(name: string): void {
    setTimeout(() => this.look(name), MINUTE_MS).unref();
  }

  private look(name: string): void {
    const course = this.courses.get(name);
    if (!course) return;
    if (course.count === 0) {
      this.courses.delete(name);
      this.tell(`No more for a minute of: ${course.latest}`);
      return;
    }
    this.tell(`${course.count} more in the last minute, the latest: ${course.latest}`);
    course.count = 0;
    this.lookLater(name);
  }
}
