import { screen } from './screen.ts';

/** A file that is made of the code, so that it cannot say otherwise. */
export interface Page {
  /** Its path in the project. */
  file: string;
  make(): Promise<string>;
}

/** `npm run docs` writes them, test/docs.test.ts compares. */
export const pages: Page[] = [{ file: 'docs/screen.svg', make: screen }];
