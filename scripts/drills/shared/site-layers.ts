import { databaseDoor } from '../../checks/database-door/check.ts';
import { siteDatabase } from '../../checks/site-database/check.ts';
import { siteFiles } from '../../checks/site-files/check.ts';
import { sitePhp } from '../../checks/site-php/check.ts';

/** Checks of the layers that a web site stands on: without them no drill asks for a page. */
export const layerChecks: readonly string[] = [siteFiles, sitePhp, siteDatabase, databaseDoor].map(({ id }) => id);
