import type { Json } from '../../engine/language/json.js';
import { SourceNode, type SourceMember } from './source-node.js';

/** A node that was read with its place. */
export class PlacedNode extends SourceNode {
  constructor(
    readonly offset: number,
    value: Json,
    private readonly parts: ReadonlyMap<string, SourceMember> | readonly SourceNode[] = [],
  ) {
    super(value);
  }

  get members(): ReadonlyMap<string, SourceMember> {
    return this.parts instanceof Map ? this.parts : NO_MEMBERS;
  }

  get items(): readonly SourceNode[] {
    return this.parts instanceof Map ? [] : (this.parts as readonly SourceNode[]);
  }

  get isObject(): boolean {
    return this.parts instanceof Map;
  }

  protected child(step: string | number): SourceNode | undefined {
    if (this.parts instanceof Map) return this.members.get(String(step))?.node;
    return this.items[Number(step)];
  }
}

const NO_MEMBERS: ReadonlyMap<string, SourceMember> = new Map();
