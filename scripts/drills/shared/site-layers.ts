import { databaseDoor } from '../../checks/database-door/check.ts';
import { siteDatabase } from '../../checks/site-database/check.ts';
import { siteFiles } from '../../checks/site-files/check.ts';
import { sitePhp } from '../../checks/site-php/check.ts';

/** Ids of the checks of files, PHP and database. A web site sends no pages when one of them fails. */
export const layerChecks: readonly string[] = [siteFiles, sitePhp, siteDatabase, databaseDoor].map(({ id }) => id);
