import type { RecordedRelease } from '../../decisions/recorded/recorded-lines.js';
import type { Rulebook } from '../../engine/rulebook.js';
import type { NoRulebook } from '../../replay/recorded.js';
import { loadRulebook } from '../../rulebook/build/load-rulebook.js';
import type { RuleText } from '../../rulebook/kinds/walk-rules.js';
import type { RecordedInput } from '../../stores/recorded-inputs.js';

/** So many compiled rulebooks are kept: a large one takes 70 MB, and decisions come by the release of their time. */
const MAX_COMPILED = 8;

/** The releases that made recorded decisions, compiled when they are first needed. */
export class ReleasedRulebooks {
  private readonly texts = new Map<string, readonly RuleText[]>();
  private readonly compiled = new Map<string, Rulebook | NoRulebook>();

  add(release: RecordedRelease): void {
    this.texts.set(
      keyOf(release),
      Object.entries(release.files).map(([path, text]) => ({ path, text })),
    );
  }

  /**
   * The very release of this version and digest: one that has not come is `releaseGone`, one that this Usher finds
   * problems in `releaseUnfit`.
   */
  of(named: RecordedInput['rulebook']): Rulebook | NoRulebook {
    const key = keyOf(named);
    const known = this.compiled.get(key);
    if (known) return known;
    const compiled = this.compile(named);
    if (this.compiled.size >= MAX_COMPILED) this.compiled.delete(this.compiled.keys().next().value ?? '');
    this.compiled.set(key, compiled);
    return compiled;
  }

  private compile(named: RecordedInput['rulebook']): Rulebook | NoRulebook {
    const texts = this.texts.get(keyOf(named));
    if (texts === undefined) return 'releaseGone';
    const { rulebook } = loadRulebook(texts, named.version);
    return rulebook?.digest === named.digest ? rulebook : 'releaseUnfit';
  }
}

function keyOf({ version, digest }: RecordedInput['rulebook']): string {
  return `${version} ${digest}`;
}
