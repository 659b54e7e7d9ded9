/** The time of the database in whole milliseconds: what is due at once is due for a statement of the same millisecond. */
export const moment = "floor(extract(epoch from clock_timestamp()) * 1000)";
