import type { SiteSeen } from '../../../scripts/drills/site/seen.ts';
import { visit } from './visit.ts';

/** What clients get of lab web when all is well. */
export const siteSeen = (): SiteSeen => ({
  pages: [visit('page', 'rs2'), visit('page', 'rs1')],
  file: { writer: 'rs1', visits: [visit('file', 'rs2'), visit('file', 'rs1')] },
  wordpress: {
    visits: [
      visit('post-written', 'rs2'),
      visit('post-read', 'rs1'),
      visit('picture-written', 'rs2'),
      visit('picture-read', 'rs1'),
      visit('login', 'rs2', { status: 302 }),
      visit('session', 'rs1'),
      visit('stranger', 'rs2', { found: false }),
      visit('source', 'rs1', { found: false }),
      visit('source', 'rs2', { found: false, status: 503 }),
    ],
    post: '4',
    samePicture: true,
  },
});
