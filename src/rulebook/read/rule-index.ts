import { RULE_KINDS, type Kind, type RuleFile } from './rule-file.js';
import type { SourceNode } from './source-node.js';

/** The files by kind and id, for checks that follow a reference from one file to another. */
export class RuleIndex {
  /** Every channel that a placement or a rule speaks of. */
  readonly channels: ReadonlySet<string>;
  /** Whether every placement and every rule could be parsed, so that what they speak of is known in full. */
  readonly isComplete: boolean;
  private readonly byKind = new Map<Kind, Map<string, RuleFile>>();

  constructor(files: readonly RuleFile[]) {
    for (const file of files) {
      const ids = this.byKind.get(file.kind) ?? new Map<string, RuleFile>();
      this.byKind.set(file.kind, ids.set(file.id, file));
    }
    this.channels = this.findChannels();
    this.isComplete = this.files('placements', ...RULE_KINDS).every((file) => file.root);
  }

  /** Every id of a kind, also of files that could not be parsed: one broken file is one problem, not two. */
  ids(kind: Kind): string[] {
    return [...(this.byKind.get(kind)?.keys() ?? [])];
  }

  find(kind: Kind, id: string): RuleFile | undefined {
    return this.byKind.get(kind)?.get(id);
  }

  files(...kinds: readonly Kind[]): RuleFile[] {
    return kinds.flatMap((kind) => [...(this.byKind.get(kind)?.values() ?? [])]);
  }

  private findChannels(): Set<string> {
    const ofPlacements = this.files('placements').map((file) => file.root?.get('channel')?.text);
    const ofRules = this.files(...RULE_KINDS).flatMap((file) => textsOf(file.root?.get('channels')));
    return new Set([...ofPlacements, ...ofRules].filter((channel) => channel !== undefined));
  }
}

/** The texts in a list, without what is not a text. */
export function textsOf(list: SourceNode | undefined): string[] {
  return (list?.items ?? []).map((item) => item.text).filter((text) => text !== undefined);
}
