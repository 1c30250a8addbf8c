import { escaped } from '../path/markup.ts';
import { type Load, loads, type MethodFigures } from './methods.ts';

/** Pixels. */
const size = { width: 760, left: 110, right: 110, head: 64, title: 34, row: 26, bar: 9 };

const titles: Record<Load, string> = { page: 'a page', download: 'a download', upload: 'an upload' };

const style = `
.bars{--ink:#1a1a1a;--dim:#5c6470;--paper:#fff;--in:#0b57d0;--out:#8a5200;font-family:system-ui,sans-serif}
@media (prefers-color-scheme:dark){.bars{--ink:#e8eaed;--dim:#a7b0bd;--paper:#16181c;--in:#8ab4f8;--out:#fdd663}}
.bars .paper{fill:var(--paper)}.bars text{fill:var(--ink);font-size:13px}.bars .head{font-weight:600;font-size:15px}
.bars .number{fill:var(--dim);font-size:11px}.bars .in{fill:var(--in)}.bars .out{fill:var(--out)}.bars .name{text-anchor:end}`.trim();

/** Bytes into the directors and out of them per request, as bars: SVG that stands alone, for light and dark screens. */
export function methodsPicture(labs: readonly MethodFigures[]): string {
  let y = size.head;
  const groups = loads.map((load) => {
    y += size.title;
    const title = `<text class="head" x="${size.left}" y="${y - 10}">${titles[load]}</text>`;
    const most = mostBytes(labs, load);
    const rows = labs.map((lab) => {
      y += size.row;
      return row(lab, load, y - size.row, most);
    });
    return [title, ...rows].join('');
  });
  const title = 'Bytes through the director per request';
  const key = '<text x="110" y="46"><tspan class="in">■</tspan> in  <tspan class="out">■</tspan> out</text>';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="bars" viewBox="0 0 ${size.width} ${y + 16}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${size.width}" height="${y + 16}"/>`,
    `<text class="head" x="${size.left}" y="26">${escaped(title)}</text>`,
    key,
    ...groups,
    '</svg>',
  ].join('\n');
}

function row({ lab, loads: own }: MethodFigures, load: Load, y: number, most: number): string {
  const found = own.find((one) => one.load === load);
  if (!found) return '';
  const bar = (which: 'in' | 'out', top: number) => {
    const bytes = found.director?.[which].bytes.median ?? 0;
    const width = Math.round(((size.width - size.left - size.right) * bytes) / most);
    return `<rect class="${which}" x="${size.left}" y="${top}" width="${width}" height="${size.bar}"/><text class="number" x="${size.left + width + 6}" y="${top + size.bar}">${bytes.toLocaleString('en')}</text>`;
  };
  const name = `<text class="name" x="${size.left - 10}" y="${y + 14}">${escaped(lab)}</text>`;
  return name + bar('in', y) + bar('out', y + size.bar + 2);
}

/** The longest bar of a kind of request; 1 if all are empty. */
function mostBytes(labs: readonly MethodFigures[], load: Load): number {
  const all = labs.flatMap(({ loads: own }) => own.filter((one) => one.load === load));
  return Math.max(
    1,
    ...all.flatMap(({ director }) => (director ? [director.in.bytes.median, director.out.bytes.median] : [])),
  );
}
