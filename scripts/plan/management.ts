/** The role of the NIC through which the kit reaches a node. It is no part of the lab. */
export const management = 'management';
