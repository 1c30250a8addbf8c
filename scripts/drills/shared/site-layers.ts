/** Checks of the layers that a web site stands on: without them no drill asks for a page. */
export const layerChecks = ['site-files', 'site-php', 'site-database', 'database-door'] as const;
