/**
 * What a program is started with, so that it never outlives who started it: the leader of a process group of its own, which ends the program when the line on its standard input is cut, as
 * it is by the death of the other side, however that came. Called with whom to tell first, a grace in seconds, the program and its arguments; ends with the program's exit code.
 *
 * The leader waits on when it is told to end, so that what the program ends with is known. As long as the group has not begun it listens to nothing: who is told to end then, does. The guard
 * holds none of the program's output open.
 *
 * `group`: everything that the program has started is told to end with it. `program`: it alone is told, once, by the leader, because it ends its own helpers in good order; and its output
 * is taken off it also when nobody reads it any more, or it would die of the first word of its farewell. Whatever is left after the grace is killed.
 */
export const lifeLineScript = `
whom=$1; grace=$2; shift 2
ended= drains= guard=
exec 3<&0 </dev/null
if [ "$whom" = program ]; then
  trap 'ended=1' TERM
  pipes=$(mktemp -d) && mkfifo "$pipes/out" "$pipes/err" || exit 126
  ( trap '' TERM INT HUP; exec 2>/dev/null 3<&- <"$pipes/out"; cat; exec cat >/dev/null ) &
  drains=$!
  ( trap '' TERM INT HUP; exec 3<&- <"$pipes/err"; cat >&2; exec cat >/dev/null 2>&1 ) &
  drains="$drains $!"
  exec >"$pipes/out" 2>"$pipes/err"
  rm -r "$pipes"
fi
code=143
if [ -z "$ended" ]; then
  "$@" 3<&- </dev/null &
  program=$!
  [ "$whom" = program ] || trap : TERM
  (
    trap '' TERM INT HUP
    exec >/dev/null 2>&1
    read -r line <&3
    if [ "$whom" = group ]; then kill -TERM -$$; else kill -TERM $$; fi
    sleep "$grace"
    kill -KILL -$$
  ) &
  guard=$!
  if [ -n "$ended" ]; then ended=; kill -TERM "$program"; fi
  while :; do
    wait "$program"; code=$?
    if [ -n "$ended" ]; then ended=; kill -TERM "$program" 2>/dev/null; fi
    kill -0 "$program" 2>/dev/null || break
  done
fi
exec >/dev/null 2>&1
[ -z "$guard" ] || kill -KILL "$guard"
wait $guard $drains
exit "$code"
`;
