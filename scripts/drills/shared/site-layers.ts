import { databaseDoor } from '../../checks/database-door/check.ts';
import { siteDatabase } from '../../checks/site-database/check.ts';
import { siteFiles } from '../../checks/site-files/check.ts';
import { sitePhp } from '../../checks/site-php/check.ts';
import { siteUser } from '../../checks/site-user/check.ts';

/** Ids of the checks of files, PHP and database. A web site sends no pages, or lets nobody log in, when one of them fails. */
export const layerChecks: readonly string[] = [siteFiles, sitePhp, siteDatabase, siteUser, databaseDoor].map(
  ({ id }) => id,
);
