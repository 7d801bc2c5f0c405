import { isObject } from '../../engine/language/is-object.js';
import type { Json } from '../../engine/language/json.js';
import { SourceNode, type SourceMember } from './source-node.js';

/**
 * Where a node was found: in another, under a name or at an index; or it is the root, and this reads it with places.
 */
type Origin = { readonly parent: PlainNode; readonly step: string | number } | (() => SourceNode | undefined);

/**
 * A node over a plain value: it has no place until somebody asks, which nearly nobody does. Then the file is read once
 * more, with places.
 */
export class PlainNode extends SourceNode {
  private known: SourceNode | undefined;
  private named: ReadonlyMap<string, SourceMember> | undefined;

  constructor(
    value: Json,
    private readonly origin: Origin,
  ) {
    super(value);
  }

  get offset(): number {
    return this.placed()?.offset ?? 0;
  }

  get members(): ReadonlyMap<string, SourceMember> {
    if (!isObject(this.value)) return NO_MEMBERS;
    this.named ??= new Map(Object.keys(this.value).map((name) => [name, new PlainMember(name, this)]));
    return this.named;
  }

  get items(): readonly SourceNode[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item: Json, step) => new PlainNode(item, { parent: this, step }));
  }

  get isObject(): boolean {
    return isObject(this.value);
  }

  override keyOffset(name: string): number {
    return this.placed()?.keyOffset(name) ?? 0;
  }

  protected child(step: string | number): PlainNode | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    if (Array.isArray(value) && step === 'length') return undefined;
    const child = (value as Readonly<Record<string | number, Json>>)[step];
    return child === undefined ? undefined : new PlainNode(child, { parent: this, step });
  }

  private placed(): SourceNode | undefined {
    const { origin } = this;
    return (this.known ??= typeof origin === 'function' ? origin() : origin.parent.placed()?.get(origin.step));
  }
}

/** A member whose name has no place until somebody asks. */
class PlainMember implements SourceMember {
  constructor(
    private readonly name: string,
    private readonly parent: PlainNode,
  ) {}

  get keyOffset(): number {
    return this.parent.keyOffset(this.name);
  }

  get node(): SourceNode {
    return this.parent.get(this.name) ?? this.parent;
  }
}

const NO_MEMBERS: ReadonlyMap<string, SourceMember> = new Map();
