export { sections } from '../checks/looks/sections.ts';
