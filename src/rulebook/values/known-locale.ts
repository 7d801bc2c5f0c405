import { keptFew } from '../values/kept-few.js';

/** What nobody has said otherwise is written so, whatever the machine is set to. */
export const DEFAULT_LOCALE = 'en-GB';

/**
 * A locale as `Intl` knows it, without extensions: `de_DE` and `de-DE-u-nu-arab` are `de-DE`. Undefined where it is
 * none, or one that no data is there for.
 */
export const knownLocale: (name: string) => string | undefined = keptFew(500, (name) => {
  try {
    const { baseName } = new Intl.Locale(name.trim().replaceAll('_', '-'));
    return Intl.NumberFormat.supportedLocalesOf(baseName)[0];
  } catch {
    return undefined;
  }
});
