/** Text in one style, with the column where it begins: it stands there, however wide the reader's font is. */
export interface Piece {
  column: number;
  /** Styles, as classes of the SVG. */
  classes: string;
  text: string;
}

export const cell = { width: 8.4, height: 19 };
const margin = { left: 18, top: 44, bottom: 12 };

interface Window {
  columns: number;
  rows: number;
  title: string;
  /** For those who cannot see it. */
  description: string;
  /** More rules of CSS. */
  style?: string[];
  /** Elements inside, whose origin is the upper left corner of the text. */
  content: string[];
}

/** The window of a terminal as SVG, dark on every ground. */
export function terminalSvg({ columns, rows, title, description, style = [], content }: Window): string {
  const width = Math.ceil(columns * cell.width + 2 * margin.left);
  const height = rows * cell.height + margin.top + margin.bottom;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `  <title id="title">${title}</title>`,
    `  <desc id="desc">${xmlText(description)}</desc>`,
    '  <style>',
    '    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3; white-space: pre }',
    '    .bold { font-weight: 700 } .dim { fill: #9da7b3 } .red { fill: #ff7b72 } .green { fill: #3fb950 } .yellow { fill: #e3b341 } .cyan { fill: #56d4dd }',
    ...style.map((rule) => `    ${rule}`),
    '  </style>',
    `  <rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="#0d1117" stroke="#3d444d"/>`,
    '  <g fill="#3d444d"><circle cx="22" cy="20" r="6"/><circle cx="42" cy="20" r="6"/><circle cx="62" cy="20" r="6"/></g>',
    `  <clipPath id="screen"><rect width="${width - 2 * margin.left}" height="${rows * cell.height}"/></clipPath>`,
    `  <g transform="translate(${margin.left} ${margin.top})" clip-path="url(#screen)">`,
    ...content.map((line) => `  ${line}`),
    '  </g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** @param row counted from 0 */
export function rowOf(pieces: readonly Piece[], row: number): string[] {
  return pieces.map(({ column, classes, text }) => {
    const [x, y] = [column * cell.width, (row + 0.75) * cell.height];
    const style = classes ? ` class="${classes}"` : '';
    return `<text x="${short(x)}" y="${short(y)}"${style}>${xmlText(text)}</text>`;
  });
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
