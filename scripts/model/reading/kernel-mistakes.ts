import { closest } from '../../closest.ts';
import { kernelSuites, readKernel } from '../kernels.ts';
import { kernels } from '../words.ts';
import { brief, keyOf, type Misfit, type Mistake } from './misfit.ts';

/** What a lab file can say of a kernel. */
export const kernelHelp = `one of ${[...kernels, ...kernelSuites].join(', ')}, or a version such as 6.12.94 or 6.12`;

/** Other names of suites. */
const alsoCalled: Record<string, string> = {
  unstable: 'sid',
  latest: 'sid',
  newest: 'sid',
  mainline: 'sid',
  debian11: 'bullseye',
  debian12: 'bookworm',
  debian13: 'trixie',
  default: 'cloud',
};

export function kernelMistake({ path, value, wanted }: Misfit): Mistake | undefined {
  if (path.join() === 'kernels' && wanted === 'map' && typeof value !== 'object') {
    return { what: 'it names no machine', fix: `kernels: { director: ${value} }, or kernel: ${value} for all` };
  }
  if (wanted !== 'kernel' || typeof value !== 'string') return undefined;
  const meant = kernelMeantBy(value);
  const fix = typeof path.at(-1) === 'number' ? `did you mean ${meant}?` : `${keyOf(path)}: ${meant}`;
  return { what: `${brief(value)} is no kernel`, fix: meant ? fix : kernelHelp };
}

/** The kernel that the user meant by another word. */
export function kernelMeantBy(word: string): string | undefined {
  const plain = word.toLowerCase().replace(/^linux[-_ ]?(image[-_ ]?)?/, '');
  const [, base = plain, generic = ''] = /^(.*?)(-generic)?$/.exec(plain) ?? [];
  const known = [...kernels, ...kernelSuites];
  const version = /^v?(\d[\d.]*\d|\d)(\.[x*]|[-+~_].*)?$/.exec(base)?.[1] ?? '';
  const found = [plain, `${alsoCalled[base.replace(/[\s_-]/g, '')] ?? ''}${generic}`, `${version}${generic}`].find(
    (one) => readKernel(one) !== undefined,
  );
  const near = closest(base, known);
  return found ?? (near && readKernel(`${near}${generic}`) ? `${near}${generic}` : near);
}
