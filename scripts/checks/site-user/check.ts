import type { CheckKind, Judge } from '../check-kind.ts';
import { up } from '../hint.ts';
import { siteUsers } from './look.ts';

/** Whether somebody can log in. Not judged when the database does not answer: then another check fails. */
const judge: Judge = (plan, seen) => {
  const { site } = plan;
  if (site?.pages !== 'wordpress' || !site.mysql) return [];
  const { mysql } = site;
  const users = seen.of(siteUsers, mysql);
  if (users === undefined) return [];
  const ok = users > 0;
  return [
    {
      title: 'WordPress has a user who can log in',
      ok,
      expected: 'a user or more in the table wp_users',
      observed: ok ? `${users} in wp_users` : `none in wp_users on ${mysql}`,
      ...(!ok && {
        hint: {
          cause: 'WordPress is only half set up: its table wp_users is empty',
          commands: [{ on: mysql, run: `mariadb -e 'SELECT * FROM wordpress.wp_users'` }, up(plan)],
          see: [],
        },
      }),
    },
  ];
};

export const siteUser: CheckKind = {
  id: 'site-user',
  about: 'WordPress has a user who can log in',
  faults: ['site-writer-missing'],
  looks: [siteUsers],
  judge,
};
