/** What both ends of the agent's socket agree on. */

/** In the state directory. */
export const socketName = 'agent.sock';

/** How long a connection may last, from its beginning to its end. */
export const patienceMs = 2_000;

/** A thousand targets, each with the longest sentences, take less. */
export const maxAnswerBytes = 4 * 1024 * 1024;
