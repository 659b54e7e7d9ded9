import type { Node } from "libpg-query";
import type { Place } from "./text-map.js";

/** One statement of a script. */
export interface Statement {
  /** What PostgreSQL's parser makes of it. */
  readonly node: Node;
  /** As it stands there, without the comments before it and the semicolon behind it. */
  readonly text: string;
  /** The index in the script's text at which its first word begins. */
  readonly start: number;
  /** The index behind its last character. */
  readonly end: number;
  /** The index behind the statement before it: the comments between them belong to this one. */
  readonly leading: number;
  /** Of its first word. */
  readonly place: Place;
}

/** A text that was read as PostgreSQL reads it. */
export interface Script {
  readonly statements: readonly Statement[];
  /** Where a `location` of one of its nodes is. */
  placeOf(location: number): Place;
}

/** What PostgreSQL's parser has against a text, and where. */
export interface SyntaxProblem {
  readonly message: string;
  readonly place: Place;
}
