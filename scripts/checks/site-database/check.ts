import type { Plan } from '../../plan/plan.ts';
import type { CheckKind, Judge } from '../check-kind.ts';
import { type Hint, up } from '../hint.ts';
import { siteUnits, stoppedUnit } from '../looks/site-units.ts';
import { databaseLogin } from './look.ts';

/** MySQL's error numbers for "access denied": to a user, to a database, to a user by another plugin than a password. */
const denied = [1045, 1044, 1698];

/** Error numbers from here on come from the client, which got no connection. */
const firstOfClient = 2000;

const judge: Judge = (plan, seen) => {
  const { site } = plan;
  if (!site?.mysql || !site.php) return [];
  const { mysql, php } = site;
  const { code, words } = seen.of(databaseLogin, php);
  const down = stoppedUnit(seen.of(siteUnits, mysql), 'mariadb');
  const ok = code === 0 && !down;
  return [
    {
      title: 'the PHP server can log in to the database',
      ok,
      expected: `${php} logs in on ${mysql}`,
      observed: ok
        ? `${php} logged in on ${mysql}`
        : [...(down ? [`${mysql}: ${down} does not run`] : []), words].join('; '),
      ...(!ok && { hint: down ? stoppedHint(mysql) : loginHint(plan, { php, mysql }, code) }),
    },
  ];
};

function stoppedHint(mysql: string): Hint {
  return {
    cause: `MariaDB does not run on ${mysql}`,
    commands: [{ on: mysql, run: 'systemctl start mariadb' }],
    see: [],
  };
}

function loginHint(plan: Plan, { php, mysql }: { php: string; mysql: string }, code: number): Hint {
  if (denied.includes(code)) {
    return {
      cause: `the database refuses DB_USER with the DB_PASSWORD of WordPress on ${php}`,
      commands: [up(plan)],
      see: ['/etc/wordpress/config-default.php'],
    };
  }
  if (code >= firstOfClient) {
    const commands = ['ss -ltn', 'nft list ruleset'].map((run) => ({ on: mysql, run }));
    return { cause: `${php} gets no connection to the database`, commands, see: [] };
  }
  if (code < 0) return { cause: `${php} could not try to log in`, commands: [up(plan)], see: [] };
  const log = { on: mysql, run: 'journalctl -u mariadb -n 9' };
  return { cause: 'the database answers with another error than "access denied"', commands: [log], see: [] };
}

export const siteDatabase: CheckKind = {
  id: 'site-database',
  about: 'the PHP server of a web site can log in to its database',
  faults: ['database-password-wrong'],
  looks: [databaseLogin, siteUnits],
  judge,
};
