/** The filters that tell times. Nothing of the machine is asked: neither its clock nor its zone nor its language. */
import { formatMoment, type MomentSetting } from '../values/format-moment.js';
import { knownLocale } from '../values/known-locale.js';
import type { TemplateFilter } from './number-filters.js';
import { readTime } from '../../engine/values/read-time.js';
import type { TemplateContext } from './template-context.js';
import { isTimeZone } from '../../engine/values/wall-clock.js';

/** By name. `date: pattern, zone, locale`; zone and locale are those of the setting where they are not said. */
export const DATE_FILTERS: Readonly<Record<string, TemplateFilter>> = {
  date(value, pattern, zone, locale) {
    return tell(this.context, value, { pattern: pattern ?? '%A, %B %-e, %Y at %-l:%M %P %z', zone, locale });
  },
  date_to_xmlschema(value) {
    return tell(this.context, value, { pattern: '%Y-%m-%dT%H:%M:%S%:z' });
  },
  date_to_rfc822(value) {
    return tell(this.context, value, { pattern: '%a, %d %b %Y %H:%M:%S %z', locale: 'en-US' });
  },
  date_to_string(value, type, style) {
    return tell(this.context, value, { pattern: dayPattern('%b', type, style) });
  },
  date_to_long_string(value, type, style) {
    return tell(this.context, value, { pattern: dayPattern('%B', type, style) });
  },
};

/** How a time is wanted. */
interface Wanted {
  readonly pattern: unknown;
  readonly zone?: unknown;
  readonly locale?: unknown;
}

function tell(context: TemplateContext, value: unknown, { pattern, zone, locale }: Wanted): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const setting = {
    timeZone: zoneOf(zone) ?? (zone === undefined ? context.setting.timeZone : undefined),
    locale: typeof locale === 'string' ? knownLocale(locale) : context.setting.locale,
  };
  if (!isWhole(setting)) return context.nothing(`${JSON.stringify(setting.timeZone ? locale : zone)} is not known`);
  const isNow = value === 'now' || value === 'today';
  const read = isNow ? { at: context.scope.now } : readTime(value, setting.timeZone);
  if ('wrong' in read)
    return context.nothing(`${JSON.stringify(value)} is not a time that can be read without guessing`);
  return formatMoment(read.at, String(pattern), setting);
}

function isWhole(setting: {
  readonly [Name in keyof MomentSetting]: string | undefined;
}): setting is MomentSetting {
  return setting.timeZone !== undefined && setting.locale !== undefined;
}

/** Of a number as LiquidJS has it: minutes that the zone is behind UTC. */
function zoneOf(zone: unknown): string | undefined {
  if (typeof zone === 'string') return isTimeZone(zone) ? zone : undefined;
  if (typeof zone !== 'number' || !(Math.abs(zone) < 1_440)) return undefined;
  const part = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const minutes = Math.abs(zone);
  return `${zone > 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}

function dayPattern(month: string, type: unknown, style: unknown): string {
  if (type !== 'ordinal') return `%d ${month} %Y`;
  return style === 'US' ? `${month} %-d%q, %Y` : `%-d%q ${month} %Y`;
}
