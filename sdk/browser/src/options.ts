import type { Json } from './decision.js';

/**
 * Who says whether something may be kept on the device: nobody has to be asked (`given`), the page by
 * `usher.consent(true | false)` (`ask`), a consent platform by `__tcfapi` (`tcf`), or Google's Consent Mode (`google`).
 */
export type ConsentFrom = 'given' | 'ask' | 'tcf' | 'google';

/** What a kit is made with: by names that a script tag has as `data-` attributes, so each may be a text. */
export interface UsherOptions {
  /** Where the service is, such as `https://usher.example`, without a slash at its end. */
  readonly url: string;
  /** A key of the scope `browser`; absent where the service has no keys. */
  readonly key?: string;
  /** The id of the person, where the page knows it; else an anonymous one is made, and kept where it may be. */
  readonly visitorId?: string;
  /** Proves that the page is that person's: see `docs/identity.md`. */
  readonly identity?: string;
  /** What else rules may know of the page. */
  readonly context?: Readonly<Record<string, Json>>;
  /** After so many milliseconds a slot shows its default: 400. */
  readonly timeout?: number | string;
  /** `tcf` where the page has `__tcfapi`, else `given`. */
  readonly consent?: ConsentFrom;
  /** What the anonymous id and the waiting reports are kept as: `usher`. Kits of other names know nothing of them. */
  readonly name?: string;
  /** The part of the page that this kit looks after: all of it where it is absent. */
  readonly root?: Document | ShadowRoot | Element;
}
