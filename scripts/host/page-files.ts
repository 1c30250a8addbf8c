import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ladderStyle } from '../path/svg.ts';
import { projectRoot } from './paths.ts';

/** A file of the live page: it goes to the browser as it is. */
export function pageFile(name: string): Promise<string> {
  return readFile(join(projectRoot, 'page', name), 'utf8');
}

/** The style sheet of the report and of the live page, with that of ladders. */
export async function pageStyle(): Promise<string> {
  return `${await pageFile('page.css')}\n${ladderStyle}\n`;
}

/** As a Content-Security-Policy names it: base64. */
export function styleHash(style: string): string {
  return createHash('sha256').update(style).digest('base64');
}
