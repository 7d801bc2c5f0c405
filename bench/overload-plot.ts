import type { Figures } from './overload-figures.ts';
import { IN_TIME_MS } from './overload-figures.ts';

const [WIDTH, HEIGHT, MARGIN] = [360, 220, 44];
const GAP = 30;
const INK = '#444';
const COLOURS = ['#0b6e99', '#c2571a'];

/** A curve over what was offered, for each store. */
interface Panel {
  readonly title: string;
  readonly most: number;
  /** A line across, and what it says. */
  readonly mark: { readonly at: number; readonly says: string };
  readonly value: (figures: Figures) => number;
}

/** Two panels side by side, as SVG: what was made in full, and how long all waited, over what was offered. */
export function plotOverload(all: readonly Figures[]): string {
  const panels: readonly Panel[] = [
    {
      title: 'made in full and in time, of what saturates',
      most: 1.2,
      mark: { at: 0.8, says: '0.8' },
      value: ({ goodput, saturation }) => goodput / saturation,
    },
    {
      title: 'p99 of all answers, ms',
      most: Math.max(1.5 * IN_TIME_MS, ...all.map(({ p99Ms }) => p99Ms)),
      mark: { at: IN_TIME_MS, says: `${IN_TIME_MS} ms` },
      value: ({ p99Ms }) => p99Ms,
    },
  ];
  const width = panels.length * (WIDTH + GAP);
  const drawn = panels.map((panel, at) => draw(panel, all, at * (WIDTH + GAP)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT + 30}" font-family="sans-serif" font-size="11" fill="${INK}">
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}

function draw({ title, most, mark, value }: Panel, all: readonly Figures[], left: number): string {
  const furthest = Math.max(...all.map(({ factor }) => factor));
  const x = (factor: number) => (left + MARGIN + (factor / furthest) * (WIDTH - MARGIN)).toFixed(1);
  const y = (of: number) => (HEIGHT - (Math.min(of, most) / most) * (HEIGHT - MARGIN)).toFixed(1);
  const stores = [...new Set(all.map(({ store }) => store))];
  const curves = stores.map((store, at) => {
    const points = all.filter((one) => one.store === store);
    const line = points.map((one) => `${x(one.factor)},${y(value(one))}`).join(' ');
    const dots = points.map((one) => `<circle cx="${x(one.factor)}" cy="${y(value(one))}" r="3"/>`).join('');
    const name = `<text x="${left + MARGIN + 8 + at * 60}" y="38" stroke="none">${store}</text>`;
    const curve = `<polyline points="${line}" fill="none"/>`;
    return `<g fill="${COLOURS[at]}" stroke="${COLOURS[at]}">${curve}${dots}${name}</g>`;
  });
  const ticks = [...new Set(all.map(({ factor }) => factor))].map(
    (factor) => `<text x="${x(factor)}" y="${HEIGHT + 16}" text-anchor="middle">${factor}x</text>`,
  );
  return [
    `<text x="${left + MARGIN}" y="18" font-weight="bold">${title}</text>`,
    `<path d="M${x(0)},${y(most)} V${y(0)} H${x(furthest)}" fill="none" stroke="${INK}"/>`,
    `<path d="M${x(0)},${y(mark.at)} H${x(furthest)}" stroke="${INK}" stroke-dasharray="4 3"/>`,
    `<text x="${left + MARGIN - 4}" y="${y(mark.at)}" text-anchor="end" dy="4">${mark.says}</text>`,
    ...ticks,
    ...curves,
  ].join('\n');
}
