import { UsageError } from '../errors.ts';
import { type Language, languages } from '../exercise/languages.ts';

export interface LanguageOptions {
  language?: Language | undefined;
}

/** LAB_LANGUAGE, or English, where no option says so. @throws UsageError */
export function languageBy({ language }: LanguageOptions): Language {
  const wanted = language ?? process.env.LAB_LANGUAGE ?? languages[0];
  const found = languages.find((one) => one === wanted);
  if (found) return found;
  throw new UsageError(`LAB_LANGUAGE: there is no language ${wanted}`, { tryThis: `one of ${languages.join(', ')}` });
}
