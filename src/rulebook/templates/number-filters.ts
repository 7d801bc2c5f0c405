/**
 * The filters that reckon and that write numbers. What they are given must be a number, or a text that is one and
 * nothing else (`"149.90"`, not `"149,90"`): of anything else they make nothing, as of a value that is missing.
 */
import { filters } from 'liquidjs';
import { add, multiply, negate, readDecimal, remainder, toNumber, type Decimal } from '../values/decimal.js';
import { keptFew } from '../values/kept-few.js';
import { knownLocale } from '../values/known-locale.js';
import type { TemplateContext } from './template-context.js';

/** A filter as LiquidJS calls it. */
export type TemplateFilter = (this: { readonly context: TemplateContext }, ...args: unknown[]) => unknown;

/** By name. */
export const NUMBER_FILTERS: Readonly<Record<string, TemplateFilter>> = {
  plus: reckoning((a, b) => toNumber(add(a, b))),
  minus: reckoning((a, b) => toNumber(add(a, negate(b)))),
  times: reckoning((a, b) => toNumber(multiply(a, b))),
  modulo: reckoning((a, b) => {
    const left = remainder(a, b);
    return left && toNumber(left);
  }),
  divided_by: reckoning((a, b, whole) => {
    const quotient = withoutDust(toNumber(a) / toNumber(b));
    return whole === true ? Math.floor(quotient) : quotient;
  }),
  ...Object.fromEntries(['abs', 'at_least', 'at_most', 'ceil', 'floor', 'round'].map((name) => [name, guarded(name)])),
  sum(list, property) {
    const sum = usual(filters.sum, this, [list, property]);
    return typeof sum === 'number' ? withoutDust(sum) : sum;
  },
  number(value, digits, locale) {
    return written(this.context, value, { style: 'decimal', ...places(digits) }, locale);
  },
  percent(value, digits, locale) {
    return written(this.context, value, { style: 'percent', ...places(digits) }, locale);
  },
  money(value, currency, locale) {
    const code = typeof currency === 'string' ? currency.toUpperCase() : '';
    if (!isCurrency(code)) return this.context.nothing(`${told(currency)} is not a currency`);
    return written(this.context, value, { style: 'currency', currency: code }, locale);
  },
};

/** Whether this is the code of a currency, such as `EUR`. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code.toUpperCase());
}

/** The codes of all currencies. */
export const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Decimal places of a number or a percentage: whole, and at most as many as there are. */
export const MOST_PLACES = 20;

type Reckon = (a: Decimal, b: Decimal, more: unknown) => number | undefined;

function reckoning(reckon: Reckon): TemplateFilter {
  return function (left, right, more) {
    const [a, b] = [readDecimal(left), readDecimal(right)];
    if (!a || !b) return this.context.nothing(`${told(a ? right : left)} is not a number`);
    const result = reckon(a, b, more);
    return Number.isFinite(result) ? result : this.context.nothing('a number is divided by 0, or is too large');
  };
}

/** A filter of LiquidJS that is right about numbers, and takes everything else for 0. */
function guarded(name: string): TemplateFilter {
  return function (value, ...args) {
    if (!readDecimal(value)) return this.context.nothing(`${told(value)} is not a number`);
    return usual(filters[name], this, [value, ...args]);
  };
}

/** What LiquidJS makes of it. */
function usual(filter: unknown, self: ThisParameterType<TemplateFilter>, args: readonly unknown[]): unknown {
  return typeof filter === 'function' ? (Reflect.apply(filter, self, args) as unknown) : undefined;
}

/** Whole numbers stay; of others 15 digits, which are all that a double keeps of a decimal number. */
function withoutDust(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(15));
}

/** As many decimal places as said; else as many as the number has. */
function places(digits: unknown): Intl.NumberFormatOptions {
  if (digits === undefined || digits === null) return { maximumFractionDigits: MOST_PLACES };
  const count = Math.min(MOST_PLACES, Math.max(0, Math.trunc(Number(digits)) || 0));
  return { minimumFractionDigits: count, maximumFractionDigits: count };
}

function written(context: TemplateContext, value: unknown, style: Intl.NumberFormatOptions, locale: unknown): unknown {
  if (!readDecimal(value)) return context.nothing(`${told(value)} is not a number`);
  const own = typeof locale === 'string' ? knownLocale(locale) : context.setting.locale;
  if (own === undefined) return context.nothing(`${told(locale)} is not a locale`);
  // A text may have more digits than a number can keep: Intl reads it as it stands.
  return formatOf(JSON.stringify([own, style])).format(String(value) as Intl.StringNumericLiteral);
}

/** A formatter costs tens of microseconds to make. */
const formatOf = keptFew(500, (key) => {
  const [locale, style] = JSON.parse(key) as [string, Intl.NumberFormatOptions];
  // What is rounded to nothing is not less than nothing: "-0.00" is no amount.
  return new Intl.NumberFormat(locale, { ...style, signDisplay: 'negative' });
});

function told(value: unknown): string {
  return JSON.stringify(value) ?? 'what is missing';
}
