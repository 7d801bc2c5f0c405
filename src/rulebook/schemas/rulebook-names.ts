import { CONSENT_POLICY, POLICIES, type RuleFile } from '../read/rule-file.js';
import { RuleIndex } from '../read/rule-index.js';
import type { SourceNode } from '../read/source-node.js';

/** What the rule files of a folder give names to; each list is sorted. */
export interface RulebookNames {
  readonly offers: readonly string[];
  readonly segments: readonly string[];
  readonly placements: readonly string[];
  readonly groups: readonly string[];
  /** Undefined where nothing is said about consent: then any purpose may be named. */
  readonly purposes: readonly string[] | undefined;
  readonly channels: readonly string[];
  /** The events that conditions, goals and cases speak of. */
  readonly events: readonly string[];
  /**
   * What a treatment may be for: a placement, a channel or `*`. Undefined where a file can't be read that may add to
   * it.
   */
  readonly treatments: readonly string[] | undefined;
}

/** Gathers the names, from files with problems too, as long as they can be read. */
export function rulebookNames(files: readonly RuleFile[]): RulebookNames {
  const index = new RuleIndex(files);
  const roots = files.flatMap(({ root }) => (root ? [root] : []));
  const placements = sorted(index.ids('placements'));
  const purposes = index.find(POLICIES, CONSENT_POLICY)?.root?.get('purposes');
  return {
    placements,
    offers: sorted(index.ids('offers')),
    segments: sorted(index.ids('segments')),
    groups: sorted(index.files('offers').map(({ root }) => root?.get('group')?.text)),
    purposes: purposes?.isObject ? sorted(purposes.members.keys()) : undefined,
    channels: sorted([...index.channels, ...roots.flatMap((root) => textsAt(root, 'channel'))]),
    events: sorted(roots.flatMap((root) => textsAt(root, 'event'))),
    treatments: index.isComplete ? sorted([...placements, ...index.channels, '*']) : undefined,
  };
}

/** The texts that stand anywhere below under a name. */
function textsAt(node: SourceNode, name: string): string[] {
  const inside = [...node.members].flatMap(([key, member]) => (COUNTED.includes(key) ? [] : [member.node]));
  const own = node.get(name)?.text;
  return [
    ...(own === undefined || isCap(node) ? [] : [own]),
    ...[...inside, ...node.items].flatMap((child) => textsAt(child, name)),
  ];
}

/** What becomes of an offer is no event of visitors either. */
const COUNTED: readonly string[] = ['stock', 'contacts'];

/** What a cap counts is no event of visitors. */
function isCap(node: SourceNode): boolean {
  return node.get('limit') !== undefined;
}

function sorted(names: Iterable<string | undefined>): string[] {
  return [...new Set(names)].filter((name) => name !== undefined && name !== '').sort() as string[];
}
