import type { TemplateScope } from '../../engine/rulebook.js';
import { DEFAULT_LOCALE, knownLocale } from '../values/known-locale.js';
import { isTimeZone } from '../../engine/values/wall-clock.js';

/** What is said of how a treatment's texts are written. */
export interface TextSetting {
  /** Of the treatment itself. */
  readonly locale?: string | undefined;
}

/**
 * On whose clock and in which language one text is written. What is not known by `Intl` is passed over for the next;
 * nothing of the machine is asked.
 */
export class TemplateSetting {
  constructor(private readonly of: { readonly scope: TemplateScope; readonly kind: TextSetting }) {}

  /** The placement's, the visitor's trait `timezone`, the request's, UTC. */
  get timeZone(): string {
    const { placement, profile, context } = this.of.scope;
    const said = [placement?.timeZone, profile['timezone'], context['timezone'], context['timeZone']];
    return firstText(said, (name) => (isTimeZone(name) ? name : undefined)) ?? 'UTC';
  }

  /** The treatment's, the placement's, the request's, the visitor's trait `locale`, British English. */
  get locale(): string {
    const { placement, profile, context } = this.of.scope;
    return (
      firstText([this.of.kind.locale, placement?.locale, context['locale'], profile['locale']], knownLocale) ??
      DEFAULT_LOCALE
    );
  }
}

function firstText(said: readonly unknown[], read: (text: string) => string | undefined): string | undefined {
  for (const text of said) {
    const found = typeof text === 'string' ? read(text) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
