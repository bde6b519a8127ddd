#!/bin/sh
# Starts Sidelight beside a delegate and then becomes the delegate's own start, which keeps its process
# number, its signals, its output and its exit code. Whatever happens to Sidelight, the delegate starts.
#
#   start-with-sidelight ./start.sh
#
# SIDELIGHT_BIN        the executable                 /usr/local/bin/sidelight
# SIDELIGHT_STATE_DIR  what must outlive it           the first that can be written: $HOME/.local/state/sidelight, $TMPDIR/sidelight
# SIDELIGHT_LOG_FILE   its events and its own log     sidelight.log in the state directory, two files of at most 8 MiB
# SIDELIGHT_DISABLED   anything: do not start it
# SIDELIGHT_WATCH_SECONDS  how often it is looked after, and the first pause after an early end: 10
# Every other SIDELIGHT_ variable is for `sidelight run` itself.

binary=${SIDELIGHT_BIN:-/usr/local/bin/sidelight}
look_every=${SIDELIGHT_WATCH_SECONDS:-10}
longest_wait=300
log_limit=8388608

warn() {
  echo "start-with-sidelight: $*" >&2
}

# Prints the first directory that exists, or can be made, and can be written.
first_writable() {
  for candidate in "$@"; do
    mkdir -p -m 700 "$candidate" 2>/dev/null
    if [ -d "$candidate" ] && [ -w "$candidate" ]; then
      echo "$candidate"
      return
    fi
  done
}

# Keeps one older log. SIGHUP lets Sidelight open its file anew.
rotate() {
  [ -f "$log" ] || return
  size=$(wc -c <"$log" 2>/dev/null) || return
  [ "$size" -gt "$log_limit" ] || return
  mv -f "$log" "$log.1" && kill -HUP "$1" 2>/dev/null
}

# Runs in the background for as long as the delegate: one Sidelight at a time, and after an early end a
# pause that doubles up to $longest_wait seconds.
watch_over() {
  delegate=$1
  pause=$look_every
  child=
  trap '[ -z "$child" ] || kill -TERM "$child" 2>/dev/null; exit 0' TERM INT HUP
  while kill -0 "$delegate" 2>/dev/null; do
    "$binary" run --log-file "$log" 2>>"$own_log" &
    child=$!
    lived=0
    while kill -0 "$child" 2>/dev/null && kill -0 "$delegate" 2>/dev/null; do
      sleep "$look_every"
      lived=$((lived + look_every))
      rotate "$child"
    done
    kill -0 "$delegate" 2>/dev/null || break
    wait "$child"
    status=$?
    child=
    [ "$lived" -le "$longest_wait" ] || pause=$look_every
    echo "start-with-sidelight: sidelight ended with $status; again in $pause s" >>"$own_log"
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
  SIDELIGHT_STATE_DIR=${SIDELIGHT_STATE_DIR:-$(first_writable "${HOME:-/nowhere}/.local/state/sidelight" "${TMPDIR:-/tmp}/sidelight")}
  if [ -n "$SIDELIGHT_STATE_DIR" ]; then
    export SIDELIGHT_STATE_DIR
    mkdir -p -m 700 "$SIDELIGHT_STATE_DIR" 2>/dev/null
  fi
  log=${SIDELIGHT_LOG_FILE:-${SIDELIGHT_STATE_DIR:-/nowhere}/sidelight.log}
  unset SIDELIGHT_LOG_FILE
  if (umask 077 && : >>"$log") 2>/dev/null; then
    own_log=$log
  else
    warn "$log cannot be written; sidelight runs without a log"
    log=/dev/null
    own_log=/dev/null
  fi
  # Its output is its own, so that whoever reads the delegate's does not wait for it.
  (watch_over $$) </dev/null >/dev/null 2>>"$own_log" &
}

if [ $# -eq 0 ]; then
  warn "what is to be started? For example: start-with-sidelight ./start.sh"
  exit 64
fi

# In a shell of its own: nothing of this reaches the delegate's environment, and what stays behind is no
# child of the delegate but of the first process.
(start_sidelight)
exec "$@"
