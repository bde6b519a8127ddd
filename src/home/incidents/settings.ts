/** When what many say becomes an incident: every number of it, with the reason for its default. */

export interface IncidentSettings {
  /** An incident needs this share of the delegates that watch the target … */
  readonly share: number;
  /** … and this number of them; of two delegates, both. One delegate's trouble is its own. */
  readonly number: number;
  /** Networks fail a little everywhere and always: of trouble on the way it takes this share … */
  readonly wayShare: number;
  /** … and this number. */
  readonly wayNumber: number;
  /** They began to fail within this time of each other. */
  readonly windowMs: number;
  /** An account has an incident of its own when this share of its delegates says the same. */
  readonly accountShare: number;
  /** … and has for so long: trouble of everybody reaches the number for all before. */
  readonly accountAfterMs: number;
  /** Silence is an incident from this share of all delegates on: fleets that grow and shrink by the hour are no news. */
  readonly silenceShare: number;
  /** Delegates that fall silent together were last heard at different points of their rhythm. */
  readonly silenceWindowMs: number;
  /** A delegate is silent after so many of its own heartbeats. */
  readonly silentBeats: number;
  /** … but never sooner than this. */
  readonly silentLeastMs: number;
  /** … and after this when it has not shown its rhythm yet. */
  readonly silentUnlearntMs: number;
  /** A single silence is told when it has not become part of an incident within this time. */
  readonly singleAfterMs: number;
  /** Nobody waits any longer for one that has been silent for this long. */
  readonly forgetMs: number;
  /** A report that took this much longer than those before it tells of the past: what it says counts … */
  readonly lateMs: number;
  /** … when no newer one has come within this time. */
  readonly settleMs: number;
  /** An incident is closed when less than half of what would open it has failed for this long. */
  readonly recoveryMs: number;
  /** One that begins again within this time goes on. */
  readonly reopenMs: number;
  /** Between two updates of one incident at least, whatever happens. */
  readonly updateLeastMs: number;
  /** An update even when nothing much happened; the time doubles with each, up to an hour. */
  readonly updateMs: number;
  /** A target is young for this long: then not all who watch it have reported yet. */
  readonly youngMs: number;
  /** Missing numbers may still arrive within this time. */
  readonly gapMs: number;
  /** Pairs of delegate and target that are kept, and no more. */
  readonly maxStandings: number;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

export const defaultIncidentSettings: IncidentSettings = {
  share: 0.01,
  number: 3,
  wayShare: 0.05,
  wayNumber: 5,
  windowMs: 10 * minute,
  accountShare: 0.5,
  accountAfterMs: 30 * second,
  silenceShare: 0.05,
  silenceWindowMs: 30 * minute,
  silentBeats: 3,
  silentLeastMs: 30 * second,
  silentUnlearntMs: 3 * hour,
  singleAfterMs: 60 * second,
  forgetMs: 24 * hour,
  lateMs: 2 * minute,
  settleMs: 30 * second,
  recoveryMs: 2 * minute,
  reopenMs: 15 * minute,
  updateLeastMs: 5 * second,
  updateMs: 5 * minute,
  youngMs: 10 * minute,
  gapMs: minute,
  maxStandings: 50_000,
};
