import type { Json } from '../../engine/language/json.js';
import { findKind } from '../../rulebook/kinds/kinds.js';
import { RULE_KINDS, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';

/** Makes ids out of names: free ones, of a form that every disk can keep apart. */
export class IdMaker {
  private readonly taken = new Map<string, RuleFile | undefined>();
  private readonly claimed = new Set<string>();

  constructor(private readonly files: readonly RuleFile[]) {
    for (const file of files) this.taken.set(keyOf(file.kind, file.id), file);
  }

  /**
   * The id of a file that is there and means this name: of exactly this id, or one that an import made of it. It is
   * then that name's alone.
   */
  existing(kind: Kind, name: string): string | undefined {
    const base = slug(name);
    const free = this.files.filter((file) => file.kind === kind && !this.claimed.has(keyOf(kind, file.id)));
    const madeOf = (id: string) => id === base || new RegExp(`^${base}-\\d+$`).test(id);
    const meant = [
      free.find(({ id }) => id === name),
      free.find(({ id, root }) => madeOf(id) && root?.get('name')?.text === name),
      free.find(({ id }) => id === base),
    ].find((file) => file);
    if (meant) this.claimed.add(keyOf(kind, meant.id));
    return meant?.id;
  }

  /** A free id for a name, which is taken with it. */
  idFor(kind: Kind, name: string): string {
    return this.take(kind, name, () => false);
  }

  /** The same for a rule. One that is there and `isSame` is found again. */
  ruleId(name: string, isSame: (definition: Json) => boolean): string {
    return this.take(RULE_KINDS[0], name, isSame);
  }

  private take(kind: Kind, name: string, isSame: (definition: Json) => boolean): string {
    const base = slug(name);
    for (let count = 1; ; count++) {
      const id = count === 1 ? base : `${base}-${count}`;
      const key = keyOf(kind, id);
      const there = this.taken.get(key);
      if (this.taken.has(key) && !(there?.root && there.id === id && isSame(there.root.value))) continue;
      this.taken.set(key, undefined);
      return id;
    }
  }
}

/** Kinds that are gathered together share one set of ids. */
function keyOf(kind: Kind, id: string): string {
  return `${findKind(kind)?.into ?? kind}/${id.toLowerCase()}`;
}

const MAX_LENGTH = 100;

/** `Größe: XL!` becomes `grosse-xl`; what has no letters at all becomes `unnamed`. */
function slug(name: string): string {
  const words = name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return words.join('-').slice(0, MAX_LENGTH).replace(/-$/, '') || 'unnamed';
}
