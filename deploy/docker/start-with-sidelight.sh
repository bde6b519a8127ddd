#!/bin/sh
# Starts Sidelight beside a delegate and then becomes the delegate's own start, which keeps its process
# number, its signals, its output and its exit code. Whatever happens to Sidelight, the delegate starts.
#
#   start-with-sidelight ./start.sh
#
# SIDELIGHT_BIN        the executable                 /usr/local/bin/sidelight
# SIDELIGHT_STATE_DIR  what must outlive it           $HOME/.local/state/sidelight, root's /var/lib/sidelight, or where
#                                                     that cannot be written $TMPDIR/sidelight
# SIDELIGHT_LOG_FILE   its events and its own log     sidelight.log in that directory, two files of about 8 MiB
# SIDELIGHT_DISABLED   anything: do not start it
# SIDELIGHT_WATCH_SECONDS  how often it is looked after, and the first pause after an early end: 10, from 1 to 300
# Every other SIDELIGHT_ variable is for `sidelight run` itself.

binary=${SIDELIGHT_BIN:-/usr/local/bin/sidelight}
look_every=10
longest_wait=300
log_limit=8388608

warn() {
  echo "start-with-sidelight: $*" >&2
}

# What does not count would stop the watching, or make a tight loop of it.
read_look_every() {
  case ${SIDELIGHT_WATCH_SECONDS:-$look_every} in
    [1-9] | [1-9][0-9] | [12][0-9][0-9] | 300) look_every=${SIDELIGHT_WATCH_SECONDS:-$look_every} ;;
    *) warn "SIDELIGHT_WATCH_SECONDS is no whole number from 1 to 300; every $look_every seconds instead" ;;
  esac
}

# Prints where Sidelight keeps its state by its own rule (agentStateDirectory in src/config/state-directory.ts),
# or nothing. It is not told: whoever calls it by exec has to find the same.
state_directory() {
  [ -z "$SIDELIGHT_STATE_DIR" ] || { echo "$SIDELIGHT_STATE_DIR"; return; }
  case $XDG_STATE_HOME in
    /*) usual=$XDG_STATE_HOME/sidelight ;;
    *) usual=${HOME:+$HOME/.local/state/sidelight} ;;
  esac
  [ "$(id -u 2>/dev/null)" != 0 ] || usual=/var/lib/sidelight
  usual=${STATE_DIRECTORY:-$usual}
  temporary=${TMPDIR:-/tmp}/sidelight
  if is_writable "${usual%%:*}"; then
    echo "${usual%%:*}"
  elif is_writable "$temporary" && [ -O "$temporary" ] && [ ! -L "$temporary" ]; then
    echo "$temporary"
  fi
}

is_writable() {
  mkdir -p -m 700 "$1" 2>/dev/null
  [ -d "$1" ] && [ -w "$1" ]
}

# Keeps one older log. The file itself stays where it is: Sidelight's standard error, which cannot be opened
# anew, is the same file. What is written between the copy and the cut is lost.
rotate() {
  [ -f "$log" ] || return
  size=$(wc -c <"$log" 2>/dev/null) || return
  [ "$size" -gt "$log_limit" ] || return
  rm -f "$log.1"
  cp "$log" "$log.1" 2>/dev/null
  # Not by `:`, with which a shell ends when it cannot.
  true 2>/dev/null >"$log"
}

# Runs in the background for as long as the delegate: one Sidelight at a time, and after an early end a
# pause that doubles up to $longest_wait seconds.
watch_over() {
  delegate=$1
  pause=$look_every
  child=
  trap '[ -z "$child" ] || kill -TERM "$child" 2>/dev/null; exit 0' TERM INT HUP
  while kill -0 "$delegate" 2>/dev/null; do
    "$binary" run --log-file "$log" 2>>"$log" &
    child=$!
    lived=0
    while kill -0 "$child" 2>/dev/null && kill -0 "$delegate" 2>/dev/null; do
      sleep "$look_every"
      lived=$((lived + look_every))
      rotate
    done
    kill -0 "$delegate" 2>/dev/null || break
    wait "$child"
    status=$?
    child=
    [ "$lived" -le "$longest_wait" ] || pause=$look_every
    echo "start-with-sidelight: sidelight ended with $status; again in $pause s" >>"$log"
    sleep "$pause"
    pause=$((pause * 2))
    [ "$pause" -le "$longest_wait" ] || pause=$longest_wait
  done
  [ -z "$child" ] || kill -TERM "$child" 2>/dev/null
}

start_sidelight() {
  [ -z "$SIDELIGHT_DISABLED" ] || return
  if [ ! -x "$binary" ]; then
    warn "$binary cannot be executed; the delegate starts without it"
    return
  fi
  read_look_every
  state=$(state_directory)
  [ -z "$state" ] || mkdir -p -m 700 "$state" 2>/dev/null
  log=${SIDELIGHT_LOG_FILE:-${state:-/nowhere}/sidelight.log}
  if ! (umask 077 && : >>"$log") 2>/dev/null; then
    warn "$log cannot be written; sidelight runs without a log"
    log=/dev/null
  fi
  # Its output is its own, so that whoever reads the delegate's does not wait for it.
  (umask 077 && watch_over $$) </dev/null >/dev/null 2>>"$log" &
}

if [ $# -eq 0 ]; then
  warn "what is to be started? For example: start-with-sidelight ./start.sh"
  exit 64
fi

# In a shell of its own: nothing of this reaches the delegate's environment, and what stays behind is no
# child of the delegate but of the first process.
(start_sidelight)
exec "$@"
