import type { Json } from '../../engine/language/json.js';

/** A name and its value inside an object of a rule file. */
export interface SourceMember {
  readonly keyOffset: number;
  readonly node: SourceNode;
}

/** A value of a rule file that knows where it stands, so that a problem can point at it. */
export abstract class SourceNode {
  constructor(readonly value: Json) {}

  /** Where it begins: characters from the start of the file. Ask only to report a problem: it may take a reading. */
  abstract get offset(): number;

  /** The members of an object, in the order written; none for anything else. */
  abstract get members(): ReadonlyMap<string, SourceMember>;

  /** The items of a list; none for anything else. */
  abstract get items(): readonly SourceNode[];

  abstract get isObject(): boolean;

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  /** The text that stands here, or undefined when it is something else. */
  get text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  /** The node at a path of names and indexes, or undefined. */
  get(...path: readonly (string | number)[]): SourceNode | undefined {
    return path.reduce<SourceNode | undefined>((node, step) => node?.child(step), this);
  }

  /** The node at a path, or the last one on the way to it that exists. */
  nearest(path: readonly (string | number)[]): SourceNode {
    const [step, ...rest] = path;
    const next = step === undefined ? undefined : this.child(step);
    return next ? next.nearest(rest) : this;
  }

  /** Where a member's name is written; the node's own offset when there is no such member. */
  keyOffset(name: string): number {
    return this.members.get(name)?.keyOffset ?? this.offset;
  }

  protected abstract child(step: string | number): SourceNode | undefined;
}
