import type { Json } from '../../engine/language/json.js';

/** A name and its value inside an object of a rule file. */
export interface SourceMember {
  readonly keyOffset: number;
  readonly node: SourceNode;
}

/** A value of a rule file that remembers where it stands, so that a problem can point at it. */
export class SourceNode {
  constructor(
    /** Where it begins: characters from the start of the file. */
    readonly offset: number,
    readonly value: Json,
    private readonly parts: ReadonlyMap<string, SourceMember> | readonly SourceNode[] = [],
  ) {}

  /** The members of an object, in the order written; none for anything else. */
  get members(): ReadonlyMap<string, SourceMember> {
    return this.parts instanceof Map ? this.parts : NO_MEMBERS;
  }

  /** The items of a list; none for anything else. */
  get items(): readonly SourceNode[] {
    return this.parts instanceof Map ? [] : (this.parts as readonly SourceNode[]);
  }

  get isObject(): boolean {
    return this.parts instanceof Map;
  }

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

  private child(step: string | number): SourceNode | undefined {
    if (this.parts instanceof Map) return this.members.get(String(step))?.node;
    return this.items[Number(step)];
  }
}

const NO_MEMBERS: ReadonlyMap<string, SourceMember> = new Map();
